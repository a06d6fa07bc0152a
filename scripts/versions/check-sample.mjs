import { encodeRelease } from "./encode-releases.mjs";
import { listReleases } from "./list-releases.mjs";
import { products } from "./products.mjs";
import { readRelease } from "./read-release.mjs";
import { runCommand } from "./run-command.mjs";
import { readWritten } from "./written-releases.mjs";

/** Always in the sample: what these came out as was seen by running them. */
const always = { airflow: "2.7.0", mlflow: "2.7.1" };

/**
 * Reads a sample of each product's releases anew (the newest that is written, the one of `always`, one at random) and
 * tells each that is written otherwise. Releases that the files do not know yet are told and are no fault. Pythons
 * that have to be found by resolving are checked for the release of `always` only, and only when uv is there.
 * True when nothing differs.
 */
export async function checkSample(tools) {
  const canResolve = await runCommand([tools.uv, "--version"]).then(
    () => true,
    () => false,
  );
  if (!canResolve) tools.log(`${tools.uv} is not there: Python versions found by resolving are not checked.`);
  const outcomes = await Promise.all(products.map((product) => checkProduct({ ...tools, canResolve }, product)));
  return outcomes.every(Boolean);
}

async function checkProduct(tools, product) {
  const written = await readWritten(product);
  const listed = await listReleases(tools, product);
  const versions = [...written.keys()];
  const unknown = listed.map(({ version }) => version).filter((version) => !written.has(version));
  if (unknown.length > 0) tools.log(`${product.name}: released and not written yet: ${unknown.join(", ")}`);
  const random = versions[Math.floor(Math.random() * versions.length)];
  let same = true;
  for (const version of new Set([versions.at(-1), always[product.name], random])) {
    const release = listed.find((one) => one.version === version);
    const differs =
      release === undefined
        ? "the index does not have it any more"
        : await difference(tools, product, release, written);
    tools.log(`${product.name} ${version}: ${differs ?? "as written"}`);
    if (differs !== undefined) same = false;
  }
  return same;
}

async function difference(tools, product, release, written) {
  const known = written.get(release.version);
  const resolves = product.python === "classifiers" || (tools.canResolve && release.version === always[product.name]);
  const kept = resolves ? {} : { knownPython: known.pythons.split(" ") };
  const read = await readRelease({ ...tools, ...kept }, product, release);
  if (read === undefined) return "it can no longer be resolved";
  const found = encodeRelease(product, read);
  return (
    Object.keys(found)
      .filter((field) => JSON.stringify(found[field]) !== JSON.stringify(known[field]))
      .map(
        (field) => `${field} differ${field === "rows" ? "" : `: ${known[field]} is written, ${found[field]} was read`}`,
      )
      .join("; ") || undefined
  );
}
