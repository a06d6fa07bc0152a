import { findSecrets } from "./find-secrets.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { maskRanges } from "./mask-secrets.ts";

/** libpq takes what follows the first `@` of a URL for the host: the rest of a password then stands in its message. */
const passwordAsHost = /(host name ")[^"]*@/g;

/**
 * A line of a log without secrets: by their looks, and wherever one of `known` stands in it. For lines that are quoted by
 * us; `logs` passes on what applications say.
 */
export function maskLine(line: string, known: readonly string[] = []): string {
  const looks = maskPasswords(maskRanges(line, findSecrets(line))).replace(passwordAsHost, "$1***@");
  return known.reduce((masked, secret) => masked.replaceAll(secret, "***"), looks);
}
