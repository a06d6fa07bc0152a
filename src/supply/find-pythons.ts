import type { PythonInterpreter, SupplyContext } from "./supply.ts";
import { pythonCandidates } from "./python-candidates.ts";
import { toolEnvironment } from "./tool-environment.ts";

/** What discovery saw. `unreachable`: works for us, but the account units run as may not execute it. */
export interface FoundPythons {
  readonly usable: readonly PythonInterpreter[];
  readonly unreachable: readonly PythonInterpreter[];
}

/** Told by the interpreter itself: implementation, version, build without GIL, and the program behind a venv or shim. */
const QUESTION = `
import os, sys, sysconfig
print(sys.implementation.name)
print("%d.%d.%d" % sys.version_info[:3])
print(sysconfig.get_config_var("Py_GIL_DISABLED") or 0)
print(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))
`;
const ANSWER_MS = 20_000;

/**
 * CPython interpreters of this machine from 3.8 on, oldest first: on PATH, in the usual system directories, and those of
 * pyenv, asdf, mise, uv and Homebrew. Each is asked for its version once, and executed once as the account units run as;
 * answers are kept in the cache as long as the program's file stays the same. `askAgain` does without kept answers.
 */
export async function findPythons(
  context: SupplyContext,
  { askAgain = false }: { readonly askAgain?: boolean } = {},
): Promise<FoundPythons> {
  const { files } = context.io;
  const known = askAgain ? {} : await readKnown(context);
  const seen = new Map<string, Known>();
  for (const candidate of await pythonCandidates(context.io)) {
    const facts = await files.stat(candidate);
    if (facts !== undefined) seen.set(candidate, { size: facts.size, mtimeMs: facts.mtimeMs });
  }
  const answers: (readonly [string, Known])[] = [];
  const waiting = [...seen];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [path, facts] = next;
      const before = known[path];
      const isSame = before !== undefined && before.size === facts.size && before.mtimeMs === facts.mtimeMs;
      answers.push([path, isSame ? before : { ...facts, ...(await ask(context, path)) }]);
    }
  };
  await Promise.all([work(), work(), work()]);
  const changed = answers.some(([path, answer]) => known[path] !== answer);
  if (changed) await writeKnown(context, Object.fromEntries(answers));

  const found = new Map<string, Known & { python: PythonInterpreter }>();
  for (const [, answer] of answers) {
    const { python } = answer;
    if (python !== undefined && !found.has(python.path)) found.set(python.path, { ...answer, python });
  }
  const sorted = [...found.values()].toSorted((a, b) =>
    a.python.version.localeCompare(b.python.version, "en", { numeric: true }),
  );
  return {
    usable: sorted.filter((entry) => entry.reachable === true).map((entry) => entry.python),
    unreachable: sorted.filter((entry) => entry.reachable !== true).map((entry) => entry.python),
  };
}

/** What is remembered of one program file. No `python`: it is none that we can use. */
interface Known {
  readonly size: number;
  readonly mtimeMs: number;
  readonly python?: PythonInterpreter;
  readonly reachable?: boolean;
}

async function ask(context: SupplyContext, path: string): Promise<Pick<Known, "python" | "reachable">> {
  const answer = await run(context, path, undefined);
  if (answer === undefined) return {};
  const [implementation, version = "", noGil, program = ""] = answer.trim().split("\n");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (implementation !== "cpython" || noGil !== "0" || major !== 3 || minor < 8) return {};
  const python = { path: program, version, series: `${major}.${minor}` };
  if (context.unitUser.uid === context.io.host.uid) return { python, reachable: true };
  return { python, reachable: (await run(context, program, context.unitUser)) !== undefined };
}

async function run(
  context: SupplyContext,
  path: string,
  owner: SupplyContext["unitUser"] | undefined,
): Promise<string | undefined> {
  try {
    const result = await context.io.processes.run({
      argv: [path, "-I", "-c", QUESTION],
      cwd: "/",
      env: toolEnvironment(context.io.host),
      timeoutMs: ANSWER_MS,
      signal: context.signal,
      ...(owner === undefined ? {} : { owner }),
    });
    return result.exitCode === 0 ? result.stdout : undefined;
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

function knownFile(context: SupplyContext): string {
  return `${context.cache}/pythons-${context.unitUser.uid}.json`;
}

async function readKnown(context: SupplyContext): Promise<Record<string, Known>> {
  const text = await context.io.files.readTextIfPresent(knownFile(context));
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Record<string, Known>;
  } catch {
    return {};
  }
}

async function writeKnown(context: SupplyContext, known: Record<string, Known>): Promise<void> {
  await context.io.files.writeText(knownFile(context), `${JSON.stringify(known)}\n`, { mode: 0o644 });
}
