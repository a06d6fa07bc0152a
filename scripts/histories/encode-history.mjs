/**
 * The compact form that src/catalog/schema-history.ts reads, from snapshots of a real database, one after each revision:
 * `{revision, columns, indexes, constraints}` as record_history.py writes them, the first with `revision: null` for what
 * is there before the history begins.
 *
 * A fact is a text: `t TABLE`, `c TABLE COLUMN`, `y TABLE COLUMN TYPE`, `n TABLE COLUMN` (not null), `i TABLE INDEX`,
 * `k TABLE CONSTRAINT KIND [ON DELETE]`. Types, nullability, indexes and constraints are told only where they change
 * while their column or table stays: otherwise they tell nothing. `fresh` are snapshots of databases that releases
 * created at once (`revision` is their head). Where these differ from the ones that went through every revision, a
 * fact proves nothing: tables and columns are then written with `~` before them, the others are left out.
 */
export function encodeHistory(snapshots, fresh, isOptional) {
  const states = snapshots.map(factsOf);
  const lives = livesOf(states);
  const unsure = unsureFacts(snapshots, states, fresh, lives);
  const told = [...lives.keys()].filter((fact) => {
    if (fact[0] === "t" || fact[0] === "c") return true;
    return !unsure.has(fact) && lives.get(fact).join() !== lives.get(parentOf(fact)).join();
  });
  const spelling = (fact) => (unsure.has(fact) || isOptional(fact) ? `~${fact}` : fact);
  const rows = snapshots.map(({ revision }, at) => {
    const changed = (before, after) =>
      told.filter((fact) => !states[before]?.has(fact) && states[after]?.has(fact)).map(spelling);
    return JSON.stringify([revision ?? "", changed(at - 1, at), at === 0 ? [] : changed(at, at - 1)]);
  });
  return `[\n${rows.join(",\n")}\n]`;
}

function factsOf({ columns, indexes, constraints }) {
  const facts = new Set();
  const isOurs = (table) => !table.startsWith("alembic_version");
  for (const [table, column, type, notNull] of columns.filter(([name]) => isOurs(name))) {
    facts.add(`t ${table}`).add(`c ${table} ${column}`).add(`y ${table} ${column} ${type}`);
    if (notNull) facts.add(`n ${table} ${column}`);
  }
  for (const [table, index] of indexes) if (isOurs(table)) facts.add(`i ${table} ${index}`);
  for (const [table, name, kind, onDelete] of constraints.filter(([table]) => isOurs(table)))
    facts.add(`k ${table} ${name} ${kind}${kind === "f" ? ` ${onDelete}` : ""}`);
  return facts;
}

/** For each fact, in order of first sight, in which states it holds. */
function livesOf(states) {
  const lives = new Map();
  for (const [at, state] of states.entries()) {
    for (const fact of state) {
      if (!lives.has(fact)) lives.set(fact, []);
      lives.get(fact).push(at);
    }
  }
  return lives;
}

/** The fact without which another cannot be: of a column its table, of a column's type the column. */
function parentOf(fact) {
  const [kind, table, name] = fact.split(" ");
  if (kind === "t") return undefined;
  return kind === "y" || kind === "n" ? `c ${table} ${name}` : `t ${table}`;
}

function unsureFacts(snapshots, states, fresh, lives) {
  const unsure = new Set();
  for (const snapshot of fresh) {
    const at = snapshots.findIndex(({ revision }) => revision === snapshot.revision);
    if (at < 0) throw new Error(`There is no snapshot of ${snapshot.revision}.`);
    const own = factsOf(snapshot);
    for (const fact of lives.keys()) {
      const parent = parentOf(fact);
      const comparable = parent === undefined || (states[at].has(parent) && own.has(parent));
      if (comparable && states[at].has(fact) !== own.has(fact)) unsure.add(fact);
    }
  }
  return unsure;
}
