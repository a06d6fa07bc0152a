// Makes local stand-ins for the official images that the Docker tests run, where no image registry can be reached.
// An image that is there and is no stand-in (a pulled one) is left and used; a stand-in is made anew when what it is
// made of has changed.
//   node test/docker/bake/bake.mjs [TAG..]    as root, with an engine that answers; prints a line for each image
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineHome } from "../engine-home.mjs";
import { installDebianPackages } from "../start-engine.mjs";
import { basePackages, images } from "./images.mjs";
import { readNetwork } from "./network.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
/** On every stand-in and nothing else: the hash of what it was made of. */
const inputsLabel = "stand-in.inputs";

/**
 * @param {readonly string[]} tags only the images with one of these; all when empty
 * @throws {Error} when a stand-in cannot be made; says which
 */
export async function bakeImages(tags = []) {
  const network = readNetwork();
  for (const image of images) {
    if (tags.length > 0 && !image.tags.some((tag) => tags.includes(tag))) continue;
    await bakeImage(image, network);
  }
}

async function bakeImage(image, network) {
  const base = hashBase(image.debian, network);
  const inputs = hash([base, JSON.stringify(image), network.indexUrl, ...readFolder(image.folder)]);
  const missing = image.tags.filter((tag) => !isUsable(tag, inputs));
  if (missing.length === 0) return;
  await bakeBase(image.debian, base, network);
  const started = Date.now();
  const args = { BASE: baseTag(image.debian), INDEX_URL: network.indexUrl, ...image.args };
  const command = [
    ...["build", "--quiet", "--label", `${inputsLabel}=${inputs}`],
    ...Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...missing.flatMap((tag) => ["--tag", tag]),
    join(here, image.folder),
  ];
  // The classic builder, which every engine has.
  await run("docker", command, { DOCKER_BUILDKIT: "0" });
  report(missing.join(", "), started);
}

/** Whether the tag needs no baking: it names a pulled image, or the stand-in of these inputs. */
function isUsable(tag, inputs) {
  const format = `{{index .Config.Labels "${inputsLabel}"}}`;
  const { status, stdout } = spawnSync("docker", ["image", "inspect", "--format", format, tag], { encoding: "utf8" });
  if (status !== 0) return false;
  const found = stdout.trim();
  if (found === "" || found === "<no value>") console.log(`${tag}: an image that was pulled`);
  return found === "" || found === "<no value>" || found === inputs;
}

const baseTag = (debian) => `stand-in/debian:${debian}`;

function hashBase(debian, { debianMirror, caFile, pipConf }) {
  const certificates = caFile === undefined ? "" : readFileSync(caFile, "latin1");
  return hash([
    debian,
    debianMirror,
    certificates,
    pipConf,
    basePackages.join(" "),
    readFileSync(join(here, "bake.mjs")),
  ]);
}

async function bakeBase(debian, inputs, { debianMirror, caFile, pipConf }) {
  const tag = baseTag(debian);
  if (isUsable(tag, inputs)) return;
  const started = Date.now();
  if (spawnSync("which", ["debootstrap"]).status !== 0) installDebianPackages(["debootstrap"]);
  mkdirSync(engineHome, { recursive: true });
  const root = mkdtempSync(join(engineHome, `debian-${debian}-`));
  try {
    const options = ["--variant=minbase", `--include=${basePackages.join(",")}`];
    // In a mount namespace of its own, where the /proc that debootstrap mounts ends with it.
    await run("unshare", ["--mount", "debootstrap", ...options, debian, root, debianMirror]);
    if (caFile !== undefined) copyFileSync(caFile, join(root, "etc/ssl/certs/ca-certificates.crt"));
    writeFileSync(join(root, "etc/pip.conf"), pipConf);
    await importDirectory(root, tag, inputs);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  report(tag, started);
}

async function importDirectory(root, tag, inputs) {
  const excluded = ["./proc/*", "./sys/*", "./var/cache/apt/archives/*.deb", "./var/lib/apt/lists/*"];
  const tar = spawn("tar", ["--numeric-owner", ...excluded.map((path) => `--exclude=${path}`), "-C", root, "-c", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const changes = ['CMD ["bash"]', `LABEL ${inputsLabel}=${inputs}`].flatMap((text) => ["--change", text]);
  const importing = run("docker", ["import", ...changes, "-", tag], {}, tar.stdout);
  // Its exit, not its close: the pipe is docker's, nobody reads it here.
  const [status] = await Promise.all([new Promise((resolve) => tar.once("exit", resolve)), importing]);
  if (status !== 0) throw new Error(`tar could not read ${root} (exit code ${status}).`);
}

/** Throws with the last lines of a command that fails; its output is of no interest otherwise. */
function run(program, args, environment = {}, input = undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: [input ?? "ignore", "pipe", "pipe"],
    });
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        lines.push(String(chunk));
        if (lines.length > 200) lines.shift();
      });
    }
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve(undefined);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${status}:\n${lines.join("").slice(-4000)}`));
    });
  });
}

/** Names and contents of a folder's files, in one order on every machine. */
function readFolder(folder) {
  return readdirSync(join(here, folder))
    .toSorted()
    .flatMap((name) => [name, readFileSync(join(here, folder, name))]);
}

function hash(parts) {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex").slice(0, 20);
}

function report(subject, started) {
  console.log(`${subject}: made in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await bakeImages(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
