import type { Random } from "../ports/random.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const length = 24;

/** One run's passwords: a fix is planned several times (shown, verified, applied) and must stay the same. */
const known = new WeakMap<Random, Map<string, string>>();

/** A password of letters and digits, the same for one name as long as the source of chance lives. */
export function newPassword(random: Random, name: string): string {
  const passwords = known.get(random) ?? new Map<string, string>();
  known.set(random, passwords);
  const password = passwords.get(name) ?? generate(random);
  passwords.set(name, password);
  return password;
}

function generate(random: Random): string {
  let password = "";
  while (password.length < length) {
    for (const byte of random.bytes(length)) {
      // Bytes from 248 on would favour the first letters.
      if (byte < 248 && password.length < length) password += letters[byte % letters.length] ?? "";
    }
  }
  return password;
}
