import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";

/** On every stand-in and nothing else: the hash of what it was made of. */
export const inputsLabel = "stand-in.inputs";

/** The hash of these texts and bytes, in their order. */
export function hashInputs(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 20);
}

/** What a tag names: `current` (the stand-in of these inputs), `other` (another stand-in), `pulled`, or `missing`. */
export function inspectTag(tag, inputs) {
  const format = `{{index .Config.Labels "${inputsLabel}"}}`;
  const { status, stdout } = spawnSync("docker", ["image", "inspect", "--format", format, tag], { encoding: "utf8" });
  if (status !== 0) return "missing";
  const found = stdout.trim();
  if (found === "" || found === "<no value>") return "pulled";
  return found === inputs ? "current" : "other";
}
