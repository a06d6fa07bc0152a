// What was measured against what the product promises: the rows of the table, and the only place of the limits.
import { median } from "./measure-commands.mjs";

/**
 * A family of pure functions, one a measurement: each takes what the measurement gave and gives its rows.
 * @typedef {{ what: string, against: string, measured: string, limit: string, ok: boolean }} Row
 */

/** `up` of a new or of a stopped project: seconds of every pair. */
export function startRows(kind, ours, theirs) {
  const [what, limit] = { new: ["up of a new project", 0.8], stopped: ["up of a stopped project", 1.05] }[kind];
  const byHand = median(theirs);
  const rows = [
    ratioRow({ what, against: "the same by hand", ours: median(ours), theirs: byHand, unit: tenths, limit }),
  ];
  // A slow script would be easy to beat.
  if (kind === "new" && byHand > 32)
    rows.push({ what: "by hand, new project", against: "", measured: tenths(byHand), limit: "<= 32 s", ok: false });
  return rows;
}

/** What `measureRest` gives. */
export function restRows({ bareRssMiB, rssMiB, cpuPercent, seconds }) {
  return [
    {
      what: "supervisor at rest, 8 units: RSS",
      against: `bare node, ${bareRssMiB.toFixed(1)} MiB`,
      measured: `${rssMiB.toFixed(1)} MiB`,
      limit: "<= 60 MiB",
      ok: rssMiB <= 60,
    },
    {
      what: "supervisor at rest, 8 units: own CPU",
      against: `over ${seconds} s`,
      measured: `${cpuPercent.toFixed(2)} %`,
      limit: "<= 0.3 %",
      ok: cpuPercent <= 0.3,
    },
  ];
}

/** Milliseconds of `node -e 0`, `bulkhead --version`, `bulkhead ps`, and `bulkhead doctor` on a healthy stack. */
export function commandRows({ node, version, ps, doctor }) {
  const against = { against: "node -e 0", theirs: node, unit: milliseconds };
  return [
    ratioRow({ what: "bulkhead --version", ...against, ours: version, limit: 1.3 }),
    ratioRow({ what: "bulkhead ps", ...against, ours: ps, limit: 2 }),
    doctorRow("bulkhead doctor on a healthy stack", doctor / 1000),
  ];
}

/** What `measureCheck` gives. */
export function checkRows({ cold, thousand, memory }) {
  const factor = thousand.dclint / thousand.bulkhead;
  const ours = { ours: cold.bulkhead, unit: milliseconds };
  return [
    ratioRow({
      what: "check, one project, cold",
      against: cold.compose === undefined ? "docker-compose config -q" : "docker compose config -q",
      ...ours,
      theirs: cold.compose ?? cold.plugin,
      limit: 2,
    }),
    ratioRow({ what: "the same", against: "dclint 3", ...ours, theirs: cold.dclint, limit: 0.4 }),
    {
      what: "check --format concise, 1,000 projects in one process",
      against: `dclint, ${tenths(thousand.dclint)}`,
      measured: `${tenths(thousand.bulkhead)}, ${factor.toFixed(1)} x faster`,
      limit: ">= 10 x faster",
      ok: factor >= 10,
    },
    ratioRow({
      what: "check --format concise, 500 services: memory",
      against: "dclint",
      ours: memory.bulkhead,
      theirs: memory.dclint,
      unit: mebibytes,
      limit: 1,
    }),
  ];
}

/** What `measureExplain` gives. */
export function explainRows({ explain, grep, peakMiB }) {
  const [ours, theirs] = [median(explain), median(grep)];
  const ratio = ours / theirs;
  return [
    {
      what: "explain, 1 GiB of mixed logs",
      against: `grep -c of one word, ${theirs.toFixed(2)} s`,
      measured: `${tenths(ours)}, ${ratio.toFixed(1)} x`,
      limit: "<= 25 x",
      ok: ratio <= 25,
    },
    { what: "the same: memory", against: "", measured: mebibytes(peakMiB), limit: "<= 200 MiB", ok: peakMiB <= 200 },
  ];
}

/** What `measureDatabases` gives. */
export function databaseRows(found) {
  const seconds = (value) => (value < 1 ? milliseconds(value * 1000) : tenths(value));
  return [
    ["split", "db split of 2 GB, one server, not verified", "pg_dump piped into pg_restore, once an app", 0.4],
    ["copy", "its copies alone", "cp of the data files", 1.5],
    ["verification", "its verification alone", "COPY piped into md5sum, both sides", 1],
    ["backup", "db backup of 2 GB", "pg_dump -Fd -j2", 1.1],
    ["status", "db status on it", "count(*) of its largest table", 1],
  ].map(([name, what, against, limit]) => {
    const { ours, theirs } = found[name];
    return ratioRow({ what, against, ours: median(ours), theirs: median(theirs), unit: seconds, limit });
  });
}

/** What `measureDocker` gives. */
export function dockerRows(found) {
  const rows = [
    ["10s", "up of the article's stack under Docker", 0.85],
    ["30s", "the same with intervals of 30 s", 0.6],
  ].map(([interval, what, limit]) => {
    const { ours, theirs } = found[interval];
    const against = "docker compose up --wait";
    return ratioRow({ what, against, ours: median(ours), theirs: median(theirs), unit: tenths, limit });
  });
  return [...rows, doctorRow("doctor beside that stack", median(found.doctor))];
}

function doctorRow(what, seconds) {
  return { what, against: "", measured: `${seconds.toFixed(2)} s`, limit: "< 3 s", ok: seconds < 3 };
}

function ratioRow({ what, against, ours, theirs, unit, limit }) {
  const ratio = ours / theirs;
  return {
    what,
    against: `${against}, ${unit(theirs)}`,
    measured: `${unit(ours)}, ${ratio.toFixed(2)} x`,
    limit: `<= ${limit} x`,
    ok: ratio <= limit,
  };
}

function tenths(seconds) {
  return `${seconds.toFixed(1)} s`;
}

function milliseconds(value) {
  return `${value.toFixed(0)} ms`;
}

function mebibytes(value) {
  return `${value.toFixed(0)} MiB`;
}
