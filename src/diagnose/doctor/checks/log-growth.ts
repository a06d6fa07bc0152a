import { join } from "node:path";
import { quoteWord } from "../../../core/quote-word.ts";
import type { Files } from "../../../ports/files.ts";
import type { DoctorAnswer, DoctorCheck, DoctorQuestion } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { tellSize } from "../tell-size.ts";

const MANY_BYTES = 5 * 2 ** 30;

/** Airflow keeps DAG, run and task folders below each other; more is no log of its. */
const DEPTH = 6;

/** How much logs have grown: those of the services, and the task logs in mounted folders and volumes. */
export const logGrowth: DoctorCheck = {
  id: "log-growth",
  title: "Logs",
  scope: "stack",
  questions: ({ io, stack }) => {
    if (stack === undefined) return [];
    const { project, topology, layout, engine } = stack.session;
    const folders = new Map<string, { readonly service: string; readonly target: string }>();
    for (const [service, { volumes }] of Object.entries(project.services)) {
      if (topology.services[service]?.product !== "airflow") continue;
      for (const { type, source, target } of volumes) {
        const isLogs = source !== undefined && target.replace(/\/+$/, "").endsWith("/logs");
        if (!isLogs || (type !== "bind" && type !== "volume")) continue;
        const known = folders.get(source);
        if (known === undefined || !isRunning(stack, known.service)) folders.set(source, { service, target });
      }
    }
    return [
      ...(engine === "native" ? [askPath(io.files, layout.logs, layout.logs)] : []),
      ...[...folders].map(([source, { service, target }]): DoctorQuestion => {
        if (source.startsWith("/")) return askPath(io.files, source, source);
        const volume = project.volumes[source]?.name ?? source;
        return engine === "native"
          ? askPath(io.files, join(layout.volumes, volume), `volume ${volume}`)
          : { subject: `volume ${volume}`, ask: () => askContainer(stack, service, target) };
      }),
    ];
  },
};

function askPath(files: Files, path: string, subject: string): DoctorQuestion {
  return {
    subject,
    ask: async (signal) => {
      if (!(await files.exists(path))) return { outcome: "ok", fact: "none yet" };
      const bytes = await measure(files, path, DEPTH, signal);
      return judgeGrowth(bytes, `find ${quoteWord(path)} -type f -name '*.log*' -mtime +30 -delete`);
    },
  };
}

async function askContainer(stack: StackPlace, service: string, target: string): Promise<DoctorAnswer> {
  const access = await stack.open(service);
  if (access === undefined) return { outcome: "unknown", fact: `${service}, which mounts it, does not run` };
  const { stdout } = await access.run({ argv: ["du", "-sk", target], env: {}, timeoutMs: 8_000 });
  const kibibytes = /^\d+/.exec(stdout)?.[0];
  if (kibibytes === undefined) return { outcome: "unknown", fact: `du in ${service} does not tell it` };
  return judgeGrowth(
    Number(kibibytes) * 1024,
    `bulkhead exec ${service} find ${quoteWord(target)} -type f -name '*.log*' -mtime +30 -delete`,
  );
}

/** Judges how much logs take. `cure`: what removes those of more than a month. Pure. */
export function judgeGrowth(bytes: number, cure: string): DoctorAnswer {
  const fact = tellSize(bytes);
  return bytes < MANY_BYTES ? { outcome: "ok", fact } : { outcome: "warn", fact, cure };
}

async function measure(files: Files, path: string, depth: number, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const facts = await files.stat(path);
  if (facts?.kind === "file") return facts.size;
  if (facts?.kind !== "directory" || depth === 0) return 0;
  let sum = 0;
  for (const entry of await files.list(path)) sum += await measure(files, join(path, entry), depth - 1, signal);
  return sum;
}
