import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { repositoryPath } from "./source-files.ts";

/** The files that are in the repository, by their paths in it. */
export function listTracked(): string[] {
  const cwd = repositoryPath(".");
  try {
    // A clone that belongs to another account is no reason to refuse reading it.
    const argv = ["-c", "safe.directory=*", "ls-files", "-z"];
    return execFileSync("git", argv, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\0");
  } catch {
    // No git on this machine, or not a clone: all that is not made by our own scripts.
    const made = /^(\.git|node_modules|dist|demo|coverage)(\/|$)/;
    return readdirSync(cwd, { recursive: true, encoding: "utf8" }).filter(
      (path) => !made.test(path) && statSync(repositoryPath(path)).isFile(),
    );
  }
}
