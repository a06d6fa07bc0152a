// Makes local stand-ins for the official images that the Docker tests run, where no image registry can be reached.
// A tag that names an image which was pulled is left as it is; a stand-in is made anew when what it is made of changed.
//   node test/docker/bake/bake.mjs [TAG..]    as root, with an engine that answers; prints a line for each image made
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bakeBase, baseTag, hashBase, prepareBases } from "./bake-base.mjs";
import { images } from "./images.mjs";
import { hashInputs, inputsLabel, inspectTag } from "./inputs.mjs";
import { readNetwork } from "./network.mjs";
import { report, run } from "./run.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** So many images are made at once: each mostly waits for the network, or works with one processor. */
const atOnce = 3;

/**
 * Makes what is not there yet: all images, or those with one of these tags.
 * @throws {Error} when one cannot be made; says which command failed, and how
 */
export async function bakeImages(tags = []) {
  const network = readNetwork();
  const missing = images
    .filter((image) => tags.length === 0 || image.tags.some((tag) => tags.includes(tag)))
    .map((image) => describe(image, network))
    .filter(({ wanted }) => wanted.length > 0);
  if (missing.length === 0) return;
  prepareBases();
  const bases = new Map();
  const makeBase = (debian) => {
    if (!bases.has(debian)) bases.set(debian, bakeBase(debian, network));
    return bases.get(debian);
  };
  const failures = [];
  const work = missing.values();
  const makeNext = async () => {
    for (const image of work) {
      try {
        await makeBase(image.debian);
        await bakeImage(image);
      } catch (error) {
        failures.push(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, makeNext));
  if (failures.length > 0) throw failures[0];
  // What the new ones replaced, and the stages they were made in.
  await run("docker", ["image", "prune", "--force", "--filter", `label=${inputsLabel}`]);
}

/** With its build arguments, the hash of its inputs, and the tags that do not name the image of these inputs yet. */
function describe({ tags, debian, folder, args }, network) {
  const given = { BASE: baseTag(debian), INDEX_URL: network.indexUrl, ...args };
  const inputs = hashInputs([hashBase(debian, network), JSON.stringify(given), ...readFolder(folder)]);
  const wanted = tags.filter((tag) => ["missing", "other"].includes(inspectTag(tag, inputs)));
  return { debian, folder, given, inputs, wanted };
}

async function bakeImage({ folder, given, inputs, wanted }) {
  const started = Date.now();
  const command = ["build", "--quiet", "--force-rm", "--label", `${inputsLabel}=${inputs}`];
  for (const [name, value] of Object.entries(given)) command.push("--build-arg", `${name}=${value}`);
  for (const tag of wanted) command.push("--tag", tag);
  // The classic builder, which every engine has by itself. A second time it goes on where it failed.
  const build = () => run("docker", [...command, join(here, folder)], { environment: { DOCKER_BUILDKIT: "0" } });
  await build().catch(build);
  report(wanted.join(", "), started);
}

/** Names and contents of a folder's files, in one order on every machine. */
function readFolder(folder) {
  return readdirSync(join(here, folder))
    .toSorted()
    .flatMap((name) => [name, readFileSync(join(here, folder, name))]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await bakeImages(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
