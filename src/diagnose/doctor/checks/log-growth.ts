import { join } from "node:path";
import { quoteWord } from "../../../core/quote-word.ts";
import type { Files } from "../../../ports/files.ts";
import type { DoctorCheck } from "../doctor-check.ts";
import { tellGibibytes } from "../tell-gibibytes.ts";

const MANY_BYTES = 5 * 2 ** 30;

/** Airflow keeps DAG, run and task folders below each other; more is no log of its. */
const DEPTH = 6;

/** How much logs have grown: those of the services, and the task logs that the project mounts. */
export const logGrowth: DoctorCheck = {
  id: "log-growth",
  title: "Logs",
  scope: "stack",
  questions: ({ io, stack }) => {
    if (stack === undefined) return [];
    const { project, topology, layout, engine } = stack.session;
    const mounted = Object.entries(project.services).flatMap(([name, { volumes }]) =>
      topology.services[name]?.product !== "airflow"
        ? []
        : volumes.flatMap(({ type, source, target }) =>
            type === "bind" && source !== undefined && target.endsWith("/logs") ? [source] : [],
          ),
    );
    return [...new Set([...(engine === "native" ? [layout.logs] : []), ...mounted])].map((path) => ({
      subject: path,
      ask: async (signal) => {
        if (!(await io.files.exists(path))) return { outcome: "ok", fact: "none yet" };
        const bytes = await measure(io.files, path, DEPTH, signal);
        const fact = tellGibibytes(bytes);
        return bytes < MANY_BYTES
          ? { outcome: "ok", fact }
          : {
              outcome: "warn",
              fact,
              cure: `find ${quoteWord(path)} -type f -name '*.log*' -mtime +30 -delete`,
            };
      },
    }));
  },
};

async function measure(files: Files, path: string, depth: number, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const facts = await files.stat(path);
  if (facts?.kind === "file") return facts.size;
  if (facts?.kind !== "directory" || depth === 0) return 0;
  let sum = 0;
  for (const entry of await files.list(path)) sum += await measure(files, join(path, entry), depth - 1, signal);
  return sum;
}
