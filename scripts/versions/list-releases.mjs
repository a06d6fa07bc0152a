import { compareVersions } from "./compare-versions.mjs";
import { runCommand } from "./run-command.mjs";

const lister = new URL("list_releases.py", import.meta.url).pathname;

/**
 * The releases of a product that facts are made for, oldest first: `{version, releasedOn, wheel, scripts}`, where
 * `wheel` is the release's own and `scripts` the one with its migration scripts, each `{project, version, sha256}`.
 */
export async function listReleases({ python }, product) {
  const { project, first, scripts } = product;
  const listing = await runCommand([python, lister, project, ...(scripts === undefined ? [] : [scripts.project])]);
  if (listing.code !== 0) throw new Error(`The package index could not be read.\n${listing.stderr.trim()}`);
  const found = JSON.parse(listing.stdout);
  const wheelOf = (owner, version) => {
    const file = found[owner].find((one) => one.version === version);
    return file && { project: owner, version, sha256: file.sha256 };
  };
  return found[project]
    .filter(({ version }) => compareVersions(version, first) >= 0)
    .map(({ version, releasedOn }) => {
      const apart = scripts !== undefined && compareVersions(version, scripts.from) >= 0;
      return {
        version,
        releasedOn,
        wheel: wheelOf(project, version),
        scripts: wheelOf(apart ? scripts.project : project, version),
      };
    })
    .filter((release) => release.scripts !== undefined)
    .toSorted((a, b) => compareVersions(a.version, b.version));
}
