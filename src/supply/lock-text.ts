import { ToolError } from "../core/tool-error.ts";

/** One resolved set of packages: pinned requirement lines with hashes, for every platform and Python from `python` on. */
export interface Lock {
  /** See lock-name.ts. */
  readonly name: string;
  /** Lowest Python series it was resolved for: `3.8`. */
  readonly python: string;
  /** Set when it holds for this one series only, because no set fits all. */
  readonly only: boolean;
  /** Base as of this ISO date; undefined: as of when it was written. */
  readonly asOf: string | undefined;
  /** What was asked for, normalised. */
  readonly requirements: readonly string[];
  /** Requirements text for `uv pip sync --require-hashes`, ends with a newline. */
  readonly body: string;
  /** Constraints with hashes for what builds packages that have no wheel: the tools of the base's time. */
  readonly build: string;
}

const FORMAT = 1;
const BUILD_MARK = "# to build packages without a wheel";
const HEAD = `# bulkhead.lock: the packages that Bulkhead installs, pinned with hashes. Commit this file.
# Written by \`bulkhead up\`; delete a section to have it resolved anew.
# format: ${FORMAT}
`;

/** Text of a lock file with these locks, sections in the order of their names. */
export function renderLocks(locks: readonly Lock[]): string {
  const sections = locks.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(renderLock);
  return [HEAD, ...sections].join("\n");
}

function renderLock(lock: Lock): string {
  const head = [
    `[${lock.name}]`,
    `# python: ${lock.only ? "" : ">="}${lock.python}`,
    ...(lock.asOf === undefined ? [] : [`# as of: ${lock.asOf}`]),
    ...lock.requirements.map((line) => `# requires: ${line}`),
  ];
  return `${head.join("\n")}\n${lock.body}${BUILD_MARK}\n${lock.build}`;
}

/**
 * The locks of a lock file.
 *
 * `path` is for messages. Throws ToolError LOCK_FAILED for text that is no lock file (merge conflicts, by hand) and
 * STATE_FORMAT for one that a newer Bulkhead wrote.
 */
export function parseLocks(text: string, path: string): readonly Lock[] {
  const format = /^# format: (\d+)$/m.exec(text)?.[1];
  if (format === undefined || /^(<{7}|={7}|>{7})/m.test(text)) {
    throw new ToolError("LOCK_FAILED", `${path} is not a lock file that Bulkhead can read`, {
      hint: `restore it from version control, or delete it to have it resolved anew`,
      detail: { path },
    });
  }
  if (Number(format) > FORMAT) {
    throw new ToolError("STATE_FORMAT", `${path} has format ${format}, this Bulkhead reads up to ${FORMAT}`, {
      hint: "use the newer Bulkhead that wrote it",
      detail: { path, format: Number(format) },
    });
  }
  return text
    .split(/^(?=\[)/m)
    .slice(1)
    .map((section) => parseLock(section));
}

function parseLock(section: string): Lock {
  const [first = "", ...lines] = section.split("\n");
  const facts = (key: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`# ${key}: `)).map((line) => line.slice(key.length + 4));
  const [python = ""] = facts("python");
  const pins = lines.filter((line) => line !== "" && !/^# [a-z ]+: /.test(line));
  const mark = pins.includes(BUILD_MARK) ? pins.indexOf(BUILD_MARK) : pins.length;
  return {
    name: first.slice(1, first.lastIndexOf("]")),
    python: python.replace(">=", ""),
    only: !python.startsWith(">="),
    asOf: facts("as of")[0],
    requirements: facts("requires"),
    body: text(pins.slice(0, mark)),
    build: text(pins.slice(mark + 1)),
  };
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
