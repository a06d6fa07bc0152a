/**
 * Writes src/catalog/PRODUCT/versions.gen.ts: release dates, Python versions and Alembic revisions of each release,
 * read from the released wheels. Nothing of a wheel is imported or run.
 *
 *   node scripts/generate-versions.mjs [--cache DIR] [--python PYTHON] [--uv UV]
 *   node scripts/generate-versions.mjs --check
 *
 * Needs a Python 3.9+ with pip, and uv: index, proxy and certificates come from their own settings. `--cache` keeps
 * what was read between runs. `--check` reads a sample of releases anew; it exits with 1 when the files tell otherwise
 * and with 2 when the index could not be read.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkSample } from "./versions/check-sample.mjs";
import { encodeReleases } from "./versions/encode-releases.mjs";
import { inParallel } from "./versions/in-parallel.mjs";
import { listReleases } from "./versions/list-releases.mjs";
import { products } from "./versions/products.mjs";
import { readRelease } from "./versions/read-release.mjs";
import { renderModule, writtenFile } from "./versions/written-releases.mjs";

const { values } = parseArgs({
  options: {
    cache: { type: "string" },
    check: { type: "boolean", default: false },
    python: { type: "string", default: "python3" },
    uv: { type: "string", default: "uv" },
  },
});

const cache = values.cache ?? (await mkdtemp(join(tmpdir(), "release-facts-")));
await mkdir(cache, { recursive: true });
const tools = { python: values.python, uv: values.uv, cache, log: (line) => process.stderr.write(`${line}\n`) };
try {
  if (values.check) process.exitCode = (await checkSample(tools)) ? 0 : 1;
  else for (const product of products) await generate(product);
} catch (error) {
  tools.log(error instanceof Error ? error.message : String(error));
  if (values.check) tools.log("Nothing was checked.");
  process.exitCode = 2;
} finally {
  if (values.cache === undefined) await rm(cache, { recursive: true, force: true });
}

async function generate(product) {
  const releases = await listReleases(tools, product);
  let done = 0;
  const facts = await inParallel(2, releases, async (release) => {
    const read = await readRelease(tools, product, release);
    done += 1;
    tools.log(`${product.name} ${release.version} (${done} of ${releases.length})`);
    return read;
  });
  const text = encodeReleases(
    product,
    facts.filter((read) => read !== undefined),
  );
  await writeFile(writtenFile(product), renderModule(product, text));
}
