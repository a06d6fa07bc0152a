/**
 * The compact form that `src/catalog/release-table.ts` reads, from facts of releases in order, oldest first:
 * `{version, releasedOn, supportedPython, chains: {main: [revision, ...], auth?: [...]}}`.
 *
 * Each distinct revision is told once as `[id, parents, title, changes, partly]`. A chain is a flat list of first and
 * last index of each run of revisions; a release is `[version, releasedOn, pythons, main, auth?]` with indexes of
 * chains. Texts of several words stand for lists.
 */
export function encodeReleases(product, facts) {
  const revisions = new Numbered();
  const chains = new Numbered();
  const releases = facts.map((fact) => {
    const { version, releasedOn, pythons, rows } = encodeRelease(product, fact);
    const numbers = rows.map((chain) => chains.number(runsOf(chain.map((row) => revisions.number(row)))));
    return JSON.stringify([version, releasedOn, pythons, ...numbers]);
  });
  const list = (name, rows) => `"${name}":[\n${rows.join(",\n")}\n]`;
  const lists = [list("revisions", revisions.texts()), list("chains", chains.texts()), list("releases", releases)];
  return `{${lists.join(",\n")}}`;
}

/** One release with its chains written out, before equal rows are told once. */
export function encodeRelease(product, { version, releasedOn, supportedPython, chains }) {
  const rows = product.chains.map(({ name }) => chains[name].map(revisionRow));
  return releaseRow(version, releasedOn, supportedPython.join(" "), rows);
}

export function releaseRow(version, releasedOn, pythons, rows) {
  return { version, releasedOn, pythons, rows };
}

function revisionRow({ id, parents, title, changes, partly }) {
  return [id, parents.join(" "), title.replaceAll("`", ""), changes.map(packed), partly ? 1 : 0];
}

/** Columns of a created table as one text: their names hold no spaces. */
function packed([kind, table, ...rest]) {
  return kind === "create-table" ? [kind, table, rest[0].join(" ")] : [kind, table, ...rest];
}

function runsOf(numbers) {
  const runs = [];
  for (const number of numbers) {
    if (runs.length > 0 && runs.at(-1) === number - 1) runs[runs.length - 1] = number;
    else runs.push(number, number);
  }
  return runs;
}

/** Gives equal values equal numbers, in order of first sight. */
class Numbered {
  #numbers = new Map();

  number(value) {
    const text = JSON.stringify(value);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  texts() {
    return [...this.#numbers.keys()];
  }
}
