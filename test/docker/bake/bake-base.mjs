import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineHome } from "../engine-home.mjs";
import { installDebianPackages } from "../start-engine.mjs";
import { hashInputs, inputsLabel, inspectTag } from "./inputs.mjs";
import { report, run } from "./run.mjs";

const options = ["--variant=minbase", "--include=ca-certificates"];
const excluded = ["./proc/*", "./sys/*", "./var/cache/apt/archives/*.deb", "./var/lib/apt/lists/*"];

/** Begins the names of directories in which bases are made. */
const directoryPrefix = "debian-";

/** The image of a Debian release, without a name in any registry. */
export const baseTag = (debian) => `stand-in/debian:${debian}`;

/** The hash of what a base is made of: changes when the recipe or the machine's network does. */
export function hashBase(debian, { debianMirror, caFile, pipConf }) {
  const certificates = caFile === undefined ? "" : readFileSync(caFile);
  return hashInputs([debian, debianMirror, certificates, pipConf, ...options, ...excluded]);
}

/** Once before bases are made: has debootstrap, and removes what an interrupted run left. */
export function prepareBases() {
  if (spawnSync("which", ["debootstrap"]).status !== 0) installDebianPackages(["debootstrap"]);
  mkdirSync(engineHome, { recursive: true });
  for (const name of readdirSync(engineHome).filter((one) => one.startsWith(directoryPrefix))) {
    rmSync(join(engineHome, name), { recursive: true, force: true });
  }
}

/** Makes Debian's minimal system of a release an image, with the machine's way to package indexes in it; unless it is there. */
export async function bakeBase(debian, network) {
  const { debianMirror, caFile, pipConf } = network;
  const inputs = hashBase(debian, network);
  if (inspectTag(baseTag(debian), inputs) === "current") return;
  const started = Date.now();
  const root = mkdtempSync(join(engineHome, `${directoryPrefix}${debian}-`));
  try {
    // In a mount namespace of its own, with which the /proc that debootstrap mounts ends. A second time it goes on where
    // it failed.
    const bootstrap = () => run("unshare", ["--mount", "debootstrap", ...options, debian, root, debianMirror]);
    await bootstrap().catch(bootstrap);
    if (caFile !== undefined) copyFileSync(caFile, join(root, "etc/ssl/certs/ca-certificates.crt"));
    writeFileSync(join(root, "etc/pip.conf"), pipConf);
    await importDirectory(root, baseTag(debian), inputs);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  report(baseTag(debian), started);
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
