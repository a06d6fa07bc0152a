import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether a Fernet key is the one a token was made with: its signature fits. `key`: 32 bytes, URL-safe base64, whose first
 * half signs. Source: github.com/fernet/spec. Pure.
 */
export function opensFernetToken(key: string, token: string): boolean {
  const secret = Buffer.from(key, "base64url");
  const bytes = Buffer.from(token, "base64url");
  if (secret.length !== 32 || bytes.length < 73 || bytes[0] !== 0x80) return false;
  const signed = createHmac("sha256", secret.subarray(0, 16)).update(bytes.subarray(0, -32)).digest();
  return timingSafeEqual(signed, bytes.subarray(-32));
}
