import type { Lock } from "./lock-text.ts";
import { requirementName } from "./requirement-name.ts";

/**
 * Whether a lock holds what normalised requirement lines ask for, and was made for no other packages: each line is one
 * of the lock's own, or a bare name, or an exact version that the lock holds on every platform. So a lock made for
 * `psycopg2-binary` serves a project that pins the version in it.
 */
export function lockSatisfies(lock: Lock, requirements: readonly string[]): boolean {
  const names = (lines: readonly string[]): string => [...new Set(lines.map(requirementName))].toSorted().join(" ");
  if (names(lock.requirements) !== names(requirements)) return false;
  return requirements.every((line) => {
    if (lock.requirements.includes(line)) return true;
    const [, name = "", version] = /^([a-z0-9-]+)(?:==([\w.+!]+))?$/.exec(line) ?? [];
    if (name === "") return false;
    const pins = lock.body.split("\n").filter((pin) => pin.startsWith(`${name}==`));
    const [only, ...others] = pins.map((pin) => pin.slice(name.length + 2).split(/[\s;\\]/)[0]);
    return only !== undefined && others.length === 0 && (version === undefined || version === only);
  });
}
