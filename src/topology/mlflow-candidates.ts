import { mlflowConnections, mlflowDefaultAuthStore, mlflowDefaultStore } from "../catalog/mlflow/connections.ts";
import type { AddressCandidate } from "./address-candidate.ts";
import { readIni } from "./read-ini.ts";
import type { ServiceView } from "./service-view.ts";
import type { Invocation } from "./topology.ts";
import { sliceTraced, traceImage, traceValue, type TracedText } from "./traced-text.ts";

/** The places that give an `mlflow server` its store (or registry store), the stronger first; last the default. */
export function mlflowStoreCandidates(
  view: ServiceView,
  role: "metadata" | "registry",
  invocation: Invocation | undefined,
): readonly AddressCandidate[] {
  const variables = invocation?.variables ?? view.role.environmentText;
  const found = mlflowConnections
    .filter((place) => place.role === role)
    .toSorted((a, b) => a.precedence - b.precedence)
    .flatMap((place): AddressCandidate[] => {
      const { flag, variable } = place;
      const text = flag === undefined ? variables.get(variable ?? "") : readFlag(invocation?.words ?? [], flag);
      // Click takes an empty variable as not set.
      if (text === undefined || (flag === undefined && text.text === "" && text.pieces.length === 0)) return [];
      return [{ writtenIn: flag ?? variable ?? "", via: flag === undefined ? "environment" : "command", text }];
    });
  const [missing] = view.missingEnvFiles;
  if (role === "metadata" && found.length === 0 && missing !== undefined)
    found.push({
      writtenIn: missing,
      via: "environment",
      text: traceValue("", ["services", view.name, "env_file"]),
      reason: `${missing} is missing`,
    });
  if (role === "metadata")
    found.push({
      writtenIn: "MLflow's default",
      via: "default",
      text: traceImage(mlflowDefaultStore(view.role.version ?? "")),
    });
  return found;
}

/** The database of users, when the server runs with `--app-name basic-auth`. */
export function mlflowAuthCandidates(view: ServiceView, invocation: Invocation): readonly AddressCandidate[] {
  const app = readFlag(invocation.words, "--app-name")?.text;
  if (app !== "basic-auth") return [];
  const fallback: AddressCandidate = {
    writtenIn: "MLflow's default",
    via: "default",
    text: traceImage(mlflowDefaultAuthStore),
  };
  const path = invocation.variables.get("MLFLOW_AUTH_CONFIG_PATH");
  if (path === undefined) return [fallback];
  const file = view.files.read(path.text);
  const writtenIn = `database_uri in ${path.text.split("/").at(-1) ?? path.text}`;
  if (file.kind !== "text") return [{ writtenIn, via: "file", text: path, reason: file.reason }];
  const uri = readIni(file.text).get("mlflow.database_uri");
  return uri === undefined ? [fallback] : [{ writtenIn, via: "file", text: uri }, fallback];
}

/** The URL that `mlflow db upgrade URL` or `python -m mlflow.server.auth db upgrade --url URL` works on. */
export function mlflowUpgradeCandidate(invocation: Invocation): AddressCandidate | undefined {
  const [, ...words] = invocation.words;
  const upgrade = words.findIndex((word, index) => word.text === "upgrade" && words[index - 1]?.text === "db");
  if (upgrade < 0) return undefined;
  const flagged = readFlag(words, "--url");
  const text = flagged ?? words.slice(upgrade + 1).find((word) => !word.text.startsWith("-"));
  if (text === undefined) return undefined;
  return { writtenIn: flagged === undefined ? "mlflow db upgrade" : "--url", via: "command", text };
}

/** The value of `--flag X` or `--flag=X`; of several the last, as click takes it. */
export function readFlag(words: readonly TracedText[], flag: string): TracedText | undefined {
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at];
    if (word?.text === flag) return words[at + 1];
    if (word?.text.startsWith(`${flag}=`) === true) return sliceTraced(word, flag.length + 1, word.text.length);
  }
  return undefined;
}
