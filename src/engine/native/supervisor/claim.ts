import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isLeaseAlive, takeLease, type Lease } from "./lease.ts";
import { readBootId } from "./process-table.ts";
import { readJson } from "./unit-store.ts";

/**
 * Makes this process the only supervisor of a project, for as long as it lives. Gives undefined on success, else the
 * lease of the living holder.
 *
 * Claims are files with rising numbers, each created in one step with its holder's lease inside. Only who finds all
 * others dead may add the next number, and keeps it only if none higher has appeared; a claim is removed after a higher
 * one exists. So no step can remove a living holder's claim, which a single lock file that is broken when stale cannot
 * promise.
 */
export function claimSupervision(claimsDirectory: string): Lease | undefined {
  const present = findSupervisor(claimsDirectory);
  if (present !== undefined) return present;
  mkdirSync(claimsDirectory, { recursive: true, mode: 0o700 });
  const own = takeLease(process.pid);
  if (own === undefined) throw new Error("this process is not in the process table");
  const draft = join(claimsDirectory, `draft-${own.pid}`);
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      const before = readClaims(claimsDirectory);
      const holder = before.find(({ lease }) => isHeld(lease));
      if (holder !== undefined) return holder.lease;
      const number = Math.max(0, ...before.map((claim) => claim.number)) + 1;
      if (!tryLink(draft, join(claimsDirectory, String(number)))) continue;
      const higher = readClaims(claimsDirectory).filter((claim) => claim.number > number);
      if (higher.length > 0) {
        rmSync(join(claimsDirectory, String(number)), { force: true });
        continue;
      }
      for (const claim of before) rmSync(join(claimsDirectory, String(claim.number)), { force: true });
      return undefined;
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The lease of the living supervisor, if there is one. */
export function findSupervisor(claimsDirectory: string): Lease | undefined {
  return readClaims(claimsDirectory).find(({ lease }) => isHeld(lease))?.lease;
}

interface Claim {
  readonly number: number;
  readonly lease: Lease;
}

function readClaims(directory: string): readonly Claim[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  const claims: Claim[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const lease = readJson<Lease>(join(directory, name));
    claims.push({ number: Number(name), lease: lease ?? { pid: 0, startTime: "", bootId: "" } });
  }
  return claims;
}

function isHeld(lease: Lease): boolean {
  return lease.bootId === readBootId() && isLeaseAlive(lease);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
