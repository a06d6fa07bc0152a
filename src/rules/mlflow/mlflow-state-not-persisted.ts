import type { Fix } from "../../core/fix.ts";
import type { EditStep } from "../../edit/edit-kit.ts";
import type { Connection } from "../../topology/topology.ts";
import { containerPath, isKeptPath, localPath } from "../kept-paths.ts";
import { placeLabels } from "../label-place.ts";
import { hasServerFlag, isSinceMlflow, mlflowServers, serverOption, type MlflowServer } from "../mlflow-servers.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/**
 * A relative path (`sqlite:///mlflow.db`, `./mlartifacts`, both defaults) counts from the server's working directory, `/` in
 * the official image: a volume on another path keeps none of it.
 */
export const mlflowStateNotPersisted = defineRule({
  id: "mlflow-state-not-persisted",
  group: "mlflow",
  severity: "warning",
  fix: "behaviour",
  summary: "An MLflow server whose runs or artifacts are gone with its container",
  hiddenBy: ["command-cut-by-newline"],
  *check(subject) {
    for (const server of mlflowServers(subject)) {
      if ((subject.project.services[server.service]?.incomplete?.length ?? 0) > 0) continue;
      yield* judgeStore(subject, server);
      yield* judgeArtifacts(subject, server);
    }
  },
});

/** Runs, parameters and metrics in a sqlite file or in a directory. */
function* judgeStore(subject: Subject, server: MlflowServer): Iterable<Fault> {
  const { service } = server;
  const store = subject.topology.connections.find((one) => one.service === service && one.role === "metadata");
  const path = store === undefined ? undefined : storePath(store);
  if (store === undefined || path === undefined) return;
  const inside = containerPath(subject, service, path);
  if (isKeptPath(subject, service, inside)) return;
  const labels = placeLabels(subject.project);
  yield {
    message: `Runs of \`${service}\` are kept in ${inside}, which lies in no volume`,
    labels: [
      labels.slice(store.text, 0, store.text.text.length, "a path of the container") ??
        labels.service(service, "keeps runs in its own container"),
      ...labelVolumes(subject, service),
    ],
    services: [service],
    evidence: [service, "runs"],
    notes: ["After `docker compose down`, or a new container, all experiments are gone"],
    about: [`connection ${service} metadata`, `command ${service}`],
    fix: () => planVolume(subject, service, inside, store.dialect === "sqlite" ? parentOf(inside) : inside),
  };
}

function storePath({ state, dialect, text, database }: Connection): string | undefined {
  if (state.kind === "unknown") return undefined;
  if (dialect === "sqlite") return database === undefined || database === ":memory:" ? undefined : database;
  return dialect === "file" ? localPath(text.text) : undefined;
}

/** What clients send to the server. */
function* judgeArtifacts(subject: Subject, server: MlflowServer): Iterable<Fault> {
  const { service } = server;
  const isServed = isSinceMlflow(server.version, "2.0.0") && !hasServerFlag(server, ["--no-serve-artifacts"]);
  const root = serverOption(server, "--default-artifact-root", "MLFLOW_DEFAULT_ARTIFACT_ROOT");
  // A root of its own, on the disk of clients or elsewhere, is not what the server keeps.
  if (!isServed || (root !== undefined && !root.value.text.startsWith("mlflow-artifacts:"))) return;
  const option = serverOption(server, "--artifacts-destination", "MLFLOW_ARTIFACTS_DESTINATION");
  const path = localPath(option?.value.text ?? "./mlartifacts");
  if (path === undefined || /[$`]/.test(path)) return;
  const inside = containerPath(subject, service, path);
  if (isKeptPath(subject, service, inside)) return;
  const labels = placeLabels(subject.project);
  const [place] =
    option === undefined ? [] : [labels.slice(option.value, 0, option.value.text.length, "a path of the container")];
  yield {
    message: `Artifacts of \`${service}\` are kept in ${inside}, which lies in no volume`,
    labels: [
      place ?? labels.service(service, "keeps artifacts in its own container"),
      ...labelVolumes(subject, service),
    ],
    services: [service],
    evidence: [service, "artifacts"],
    notes: ["After `docker compose down`, or a new container, runs are listed and their artifacts and models are gone"],
    about: [`artifacts ${service}`, `command ${service}`],
    fix: () => planVolume(subject, service, inside, inside),
  };
}

/** The volumes that are there, and hold something else. */
function labelVolumes({ project }: Subject, service: string) {
  const labels = placeLabels(project);
  const volumes = project.services[service]?.volumes ?? [];
  return volumes
    .map((_, at) => at)
    .filter((at) => /mlflow|mlruns|artifact|data/i.test(volumes[at]?.target ?? ""))
    .flatMap((at) => labels.value(["services", service, "volumes", at, "target"], "holds none of it") ?? [])
    .slice(0, 1);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** A volume at the directory; none where the directory holds the image's own files. */
function planVolume({ edit, project }: Subject, service: string, inside: string, directory: string): Fix | undefined {
  if (/^\/(root|app|home|tmp|usr|opt|etc|var|srv|code|workspace)?$/.test(directory)) return undefined;
  const names = Object.keys(project.volumes);
  const separator = names.some((name) => name.includes("_")) && !names.some((name) => name.includes("-")) ? "_" : "-";
  const volume = edit.freeName("volumes", `${service}${separator}${inside === directory ? "artifacts" : "data"}`);
  const steps: readonly EditStep[] = [
    (kit) => kit.appendServiceItem(service, "volumes", `${volume}:${directory}`),
    (kit) => kit.addEntry("volumes", volume, null),
  ];
  const edits = edit.sequence(steps);
  return (
    edits && {
      class: "behaviour",
      title: `Keep ${directory} of \`${service}\` in the volume ${volume}`,
      edits,
      touches: [
        ["services", service, "volumes"],
        ["volumes", volume],
      ],
    }
  );
}
