import { compareReleaseVersions } from "../catalog/compare-release-versions.ts";
import type { Invocation, ServiceRole } from "../topology/topology.ts";
import { sliceTraced, type TracedText } from "../topology/traced-text.ts";
import type { Subject } from "./rule.ts";

/** An MLflow tracking server of the project. */
export interface MlflowServer {
  readonly service: string;
  readonly role: ServiceRole;
  readonly invocation: Invocation;
  /** A release number, the newest known one for a floating tag; `latest`; undefined: not told. */
  readonly version: string | undefined;
  /** False: the image's tag, or a `pip install` without a version, means the newest of the day. */
  readonly isPinned: boolean;
  /** The port it listens on in its container. */
  readonly port: number;
}

/** A value that a server is given, by flag or by environment variable, with where it is written. */
export interface ServerOption {
  readonly writtenIn: string;
  readonly value: TracedText;
  /** The word of the flag, with the value in it where both are one word; undefined: a variable. */
  readonly flag: TracedText | undefined;
}

/** Every `mlflow server` and `mlflow ui` of the project. */
export function mlflowServers({ topology }: Pick<Subject, "topology">): readonly MlflowServer[] {
  return topology.invocations.flatMap((invocation): MlflowServer[] => {
    const { service, program, component } = invocation;
    const role = topology.services[service];
    if (program !== "mlflow" || component?.id !== "server" || role === undefined) return [];
    const port = topology.listeners.find((one) => one.service === service && one.purpose === "api")?.port ?? 5000;
    const version = mlflowVersionOf(role);
    const told = [role.baseImage ?? "", ...role.pip];
    const isPinned = version !== undefined && told.some((text) => text.includes(version));
    return [{ service, role, invocation, version, isPinned, port }];
  });
}

/** The MLflow release in a service's image, or `latest`. */
function mlflowVersionOf({ product, version, base }: ServiceRole): string | undefined {
  const told = base?.product === "mlflow" ? base.version : product === "mlflow" ? version : undefined;
  return told !== undefined && (/^\d+\.\d+(\.\d+)?$/.test(told) || told === "latest") ? told : undefined;
}

/** True for a release from `first` on; the newest counts as later than all. */
export function isSinceMlflow(version: string | undefined, first: string): boolean {
  return version !== undefined && (version === "latest" || compareReleaseVersions(version, first) >= 0);
}

/** An option by its flag, which wins, or by its variable. */
export function serverOption({ invocation }: MlflowServer, flag: string, variable: string): ServerOption | undefined {
  const { words, variables } = invocation;
  const at = words.findLastIndex(({ text }) => text === flag || text.startsWith(`${flag}=`));
  const word = words[at];
  const next = words[at + 1];
  if (word !== undefined && word.text !== flag) {
    const value = sliceTraced(word, flag.length + 1, word.text.length);
    return { writtenIn: flag, value, flag: word };
  }
  if (word !== undefined) return next === undefined ? undefined : { writtenIn: flag, value: next, flag: word };
  const value = variables.get(variable);
  return value === undefined || value.text === "" ? undefined : { writtenIn: variable, value, flag: undefined };
}

/** True when one of some flags stands in the command. */
export function hasServerFlag({ invocation }: MlflowServer, flags: readonly string[]): boolean {
  return invocation.words.some(({ text }) => flags.some((flag) => text === flag || text.startsWith(`${flag}=`)));
}
