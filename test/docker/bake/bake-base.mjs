import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineHome } from "../engine-home.mjs";
import { installDebianPackages } from "../start-engine.mjs";
import { hashInputs, inputsLabel, inspectTag } from "./inputs.mjs";
import { run } from "./run.mjs";

const options = ["--variant=minbase", "--include=ca-certificates"];
const excluded = ["./proc/*", "./sys/*", "./var/cache/apt/archives/*.deb", "./var/lib/apt/lists/*"];

/** The image of a Debian release, without a name in any registry. */
export const baseTag = (debian) => `stand-in/debian:${debian}`;

/** The hash of what a base is made of: changes when the recipe or the machine's network does. */
export function hashBase(debian, { debianMirror, caFile, pipConf }) {
  const certificates = caFile === undefined ? "" : readFileSync(caFile);
  return hashInputs([debian, debianMirror, certificates, pipConf, readFileSync(fileURLToPath(import.meta.url))]);
}

/**
 * Makes Debian's minimal system of a release an image, with the machine's way to package indexes in it.
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function bakeBase(debian, network) {
  const { debianMirror, caFile, pipConf } = network;
  const inputs = hashBase(debian, network);
  if (inspectTag(baseTag(debian), inputs) === "current") return false;
  if (spawnSync("which", ["debootstrap"]).status !== 0) installDebianPackages(["debootstrap"]);
  mkdirSync(engineHome, { recursive: true });
  const root = mkdtempSync(join(engineHome, `debian-${debian}-`));
  try {
    // In a mount namespace of its own, with which the /proc that debootstrap mounts ends.
    await run("unshare", ["--mount", "debootstrap", ...options, debian, root, debianMirror]);
    if (caFile !== undefined) copyFileSync(caFile, join(root, "etc/ssl/certs/ca-certificates.crt"));
    writeFileSync(join(root, "etc/pip.conf"), pipConf);
    await importDirectory(root, baseTag(debian), inputs);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return true;
}

async function importDirectory(root, tag, inputs) {
  const tar = spawn("tar", ["--numeric-owner", ...excluded.map((path) => `--exclude=${path}`), "-C", root, "-c", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Its exit, not its close: the pipe is docker's, nobody reads it here.
  const ending = new Promise((resolve) => tar.once("exit", resolve));
  const changes = ['CMD ["bash"]', `LABEL ${inputsLabel}=${inputs}`].flatMap((text) => ["--change", text]);
  const [status] = await Promise.all([ending, run("docker", ["import", ...changes, "-", tag], { input: tar.stdout })]);
  if (status !== 0) throw new Error(`tar could not read ${root} (exit code ${status}).`);
}
