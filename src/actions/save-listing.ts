import { join } from "node:path";
import type { ServiceRow } from "../core/result-rows.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import { planHealthQuestions } from "../stack/confirm-stack.ts";
import type { UnitWatch } from "../stack/unit-watch.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import type { ProjectOptions } from "./context.ts";
import { digestSource, digestVariable, renderAsked, type ProjectListing } from "./project-listing.ts";

/** Remembers a project that is ready as a whole, for a `ps` that need not load it again. Forgets it otherwise. */
export async function saveListing(
  session: NativeSession,
  options: ProjectOptions,
  now: {
    readonly rows: readonly ServiceRow[];
    readonly watch: Pick<UnitWatch, "status" | "refresh">;
    readonly ports: PortTable;
  },
): Promise<void> {
  const { files, sources, host } = session.home.ports;
  const path = join(session.layout.directory, "listing.json");
  const isReady = now.rows.every(({ state }) => state === "ready" || state === "completed");
  if (!isReady || now.rows.length !== Object.keys(session.project.services).length) return files.remove(path);
  const read = new Set(session.project.sources.map((source) => source.path));
  // Dockerfiles decide products, too.
  const look = (at: string): string => (read.add(at), at);
  resolveTopology(session.project, {
    read: (at) => sources.read(look(at)),
    kindOf: (at) => sources.kindOf(look(at)),
    list: (at) => sources.list(at),
  });
  const paths = [...read];
  const names = new Set(["HOME", "BULKHEAD_USER"]);
  for (const at of paths) {
    const found = sources.read(at);
    const text = found.kind === "file" ? new TextDecoder().decode(found.bytes) : "";
    for (const [, name = ""] of text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) names.add(name);
  }
  for (const name of composeVariables) names.add(name);
  const listing: ProjectListing = {
    bulkhead: session.home.version,
    asked: renderAsked(host.cwd, options),
    sources: paths.map((at) => [at, digestSource(sources, at)] as const),
    variables: [...names].map((name) => [name, digestVariable(host.env[name])] as const),
    controlSocket: session.layout.controlSocket,
    services: now.rows.map(({ name, product, component, ports, state }) => ({
      row: { name, product, component, ports },
      isDone: state === "completed",
      readySince: now.watch.status(name)?.startedAt ?? null,
    })),
    questions: planHealthQuestions({ session, ...now, services: now.rows.map(({ name }) => name) }),
  };
  // Without it `ps` takes longer; a full disk must not make it fail.
  await files.writeText(path, JSON.stringify(listing), { mode: 0o600 }).catch(() => undefined);
}

/** Those that choose files and services without being named in them. */
const composeVariables = [
  "COMPOSE_FILE",
  "COMPOSE_PATH_SEPARATOR",
  "COMPOSE_PROJECT_NAME",
  "COMPOSE_PROFILES",
  "COMPOSE_ENV_FILES",
  "COMPOSE_DISABLE_ENV_FILE",
];
