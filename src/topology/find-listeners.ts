import type { Listener } from "../catalog/product.ts";
import { readFlag } from "./mlflow-candidates.ts";
import type { ServiceView } from "./service-view.ts";
import type { Invocation, ListeningPort } from "./topology.ts";

/** The ports that the programs of a service open, and where the file publishes them. */
export function findListeners(view: ServiceView): readonly ListeningPort[] {
  const found = new Map<number, ListeningPort>();
  const add = (port: number, purpose: Listener["purpose"]): void => {
    const published = view.service.ports.filter((one) => one.target === port).map((one) => one.published ?? "");
    if (!found.has(port)) found.set(port, { service: view.name, port, purpose, published });
  };
  if (view.role.product === "postgres" && view.role.component?.id === "server") add(postgresPort(view), "sql");
  for (const invocation of view.command.invocations) {
    for (const listener of invocation.component?.listeners ?? [])
      add(listenerPort(listener, invocation), listener.purpose);
  }
  return [...found.values()];
}

/** From the flags of the program, else its variables, else the product's own. */
function listenerPort(listener: Listener, invocation: Invocation): number {
  const written = [
    ...listener.portFlags.map((flag) => readFlag(invocation.words, flag)),
    ...listener.portVariables.map((name) => invocation.variables.get(name)),
  ];
  const port = written.find((text) => text !== undefined && /^\d+$/.test(text.text));
  return port === undefined ? listener.port : Number(port.text);
}

/** `-p 5433`, `--port=5433`, `-c port=5433` of the server's command, else PGPORT (postgres reference), else 5432. */
export function postgresPort({ role }: Pick<ServiceView, "role">): number {
  const words = role.argv;
  for (const [index, word] of words.entries()) {
    const value =
      word === "-p" || word === "--port"
        ? words[index + 1]
        : word === "-c" || word === "--set"
          ? /^port\s*=\s*(\d+)$/.exec(words[index + 1] ?? "")?.[1]
          : /^(?:-p|--port=|-cport=|-c port=)(\d+)$/.exec(word)?.[1];
    if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  }
  const variable = role.environment["PGPORT"];
  return variable !== undefined && /^\d+$/.test(variable) ? Number(variable) : 5432;
}
