// Makes local stand-ins for the official images that the Docker tests run, where no image registry can be reached.
// A tag that names an image which was pulled is left as it is; a stand-in is made anew when what it is made of changed.
//   node test/docker/bake/bake.mjs [TAG..]    as root, with an engine that answers; prints a line for each image made
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bakeBase, baseTag, hashBase } from "./bake-base.mjs";
import { images } from "./images.mjs";
import { hashInputs, inputsLabel, inspectTag } from "./inputs.mjs";
import { readNetwork } from "./network.mjs";
import { run } from "./run.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Makes what is not there yet: all images, or those with one of these tags.
 * @throws {Error} when one cannot be made; says which command failed, and how
 */
export async function bakeImages(tags = []) {
  const network = readNetwork();
  let madeAny = false;
  for (const image of images) {
    if (tags.length > 0 && !image.tags.some((tag) => tags.includes(tag))) continue;
    if (await bakeImage(image, network)) madeAny = true;
  }
  // What the new ones replaced, and the stages they were made in.
  if (madeAny) await run("docker", ["image", "prune", "--force", "--filter", `label=${inputsLabel}`]);
}

/** Whether there was anything to do. */
async function bakeImage({ tags, debian, folder, args }, network) {
  const given = { BASE: baseTag(debian), INDEX_URL: network.indexUrl, ...args };
  const inputs = hashInputs([hashBase(debian, network), JSON.stringify(given), ...readFolder(folder)]);
  const wanted = tags.filter((tag) => ["missing", "other"].includes(inspectTag(tag, inputs)));
  if (wanted.length === 0) return false;
  const baseStarted = Date.now();
  if (await bakeBase(debian, network)) report(given.BASE, baseStarted);
  const started = Date.now();
  const command = ["build", "--quiet", "--label", `${inputsLabel}=${inputs}`];
  for (const [name, value] of Object.entries(given)) command.push("--build-arg", `${name}=${value}`);
  for (const tag of wanted) command.push("--tag", tag);
  // The classic builder, which every engine has by itself.
  await run("docker", [...command, join(here, folder)], { environment: { DOCKER_BUILDKIT: "0" } });
  report(wanted.join(", "), started);
  return true;
}

/** Names and contents of a folder's files, in one order on every machine. */
function readFolder(folder) {
  return readdirSync(join(here, folder))
    .toSorted()
    .flatMap((name) => [name, readFileSync(join(here, folder, name))]);
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
