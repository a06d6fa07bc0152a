import type { Fix } from "../../core/fix.ts";
import type { EditStep } from "../../edit/edit-kit.ts";
import { containerPath, isKeptPath, localPath, sharedPlace } from "../kept-paths.ts";
import { placeLabels } from "../label-place.ts";
import {
  hasServerFlag,
  isSinceMlflow,
  mlflowServers,
  serverOption,
  type MlflowServer,
  type ServerOption,
} from "../mlflow-servers.ts";
import { rewriteText } from "../rewrite-text.ts";
import { defineRule, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

/**
 * A directory as artifact root is handed to the client, which writes there on its own disk. Only what `mlflow server` keeps
 * in `--artifacts-destination` goes through it (mlflow tracking server, "artifact stores").
 */
export const mlflowArtifactsNotShared = defineRule({
  id: "mlflow-artifacts-not-shared",
  group: "mlflow",
  severity: "warning",
  fix: "behaviour",
  summary: "An MLflow server whose clients write artifacts to their own disk",
  hiddenBy: ["command-cut-by-newline"],
  *check(subject) {
    for (const server of mlflowServers(subject)) {
      const root = serverOption(server, "--default-artifact-root", "MLFLOW_DEFAULT_ARTIFACT_ROOT");
      const path = root === undefined ? undefined : localPath(root.value.text);
      if (root === undefined || path === undefined || /[$`]/.test(path)) continue;
      const clients = clientsOf(subject, server);
      const inside = containerPath(subject, server.service, path);
      const place = sharedPlace(subject, server.service, inside);
      const apart = clients.filter(
        (client) => place === undefined || sharedPlace(subject, client, containerPath(subject, client, path)) !== place,
      );
      if (clients.length > 0 && apart.length === 0) continue;
      const labels = placeLabels(subject.project);
      const [first] = apart;
      yield {
        message:
          first === undefined
            ? `Clients of \`${server.service}\` write artifacts to \`${path}\` on their own disk`
            : `\`${first}\` writes artifacts to \`${path}\` in its own container, where \`${server.service}\` finds none`,
        labels: [
          labels.slice(root.value, 0, root.value.text.length, "a directory, for the client too") ??
            labels.service(server.service, "hands its clients a directory"),
          ...apart.slice(0, 1).map((client) => labels.service(client, "a client, with a disk of its own")),
        ] as const,
        services: [server.service, ...apart],
        evidence: [server.service, root.value.text],
        confidence: first === undefined ? ("likely" as const) : ("certain" as const),
        // Airflow's containers do not run as root, and may not make the directory.
        ...(isAirflow(subject, apart)
          ? { consequence: `PermissionError: [Errno 13] Permission denied: '${topOf(inside)}'` }
          : {}),
        notes: ["The run is stored, and its artifacts cannot be opened in the UI"],
        about: [`artifacts ${server.service}`, `command ${server.service}`],
        fix: () => planFix(subject, server, root, inside),
      };
    }
  },
});

/** Services that are told to log to this server, and are not it. */
function clientsOf({ topology }: Subject, { service }: MlflowServer): readonly string[] {
  const told = topology.endpoints.filter(
    ({ role, target, state }) =>
      role === "tracking" && state.kind === "known" && target?.kind === "service" && target.service === service,
  );
  return [...new Set(told.map((endpoint) => endpoint.service))].filter((name) => name !== service);
}

/** Some client is Airflow; without a known client any Airflow of the project may be one. */
function isAirflow({ topology }: Subject, clients: readonly string[]): boolean {
  return clients.length === 0
    ? topology.apps.some(({ product }) => product === "airflow")
    : clients.some((client) => topology.services[client]?.product === "airflow");
}

function topOf(path: string): string {
  return `/${path.split("/").find((part) => part !== "") ?? ""}`;
}

/** Lets clients send artifacts to the server, which keeps them where it was told, or on a new volume. */
function planFix(subject: Subject, server: MlflowServer, root: ServerOption, inside: string): Fix | undefined {
  const { edit, project } = subject;
  const { service, version } = server;
  if (!isSinceMlflow(version, "2.0.0") || hasServerFlag(server, ["--no-serve-artifacts", "--artifacts-destination"]))
    return undefined;
  const isKept = isKeptPath(subject, service, inside);
  const target = isKept ? inside : "/mlflow/artifacts";
  const volume = edit.freeName("volumes", volumeLike(subject));
  const replaced = rewriteOption(server, root, isKept ? root.value.text : target);
  if (replaced === undefined) return undefined;
  const steps: readonly EditStep[] = [
    ...replaced,
    ...(isKept
      ? []
      : [
          (kit: Subject["edit"]) => kit.appendServiceItem(service, "volumes", `${volume}:${target}`),
          (kit: Subject["edit"]) => kit.addEntry("volumes", volume, null),
        ]),
  ];
  const edits = edit.sequence(steps);
  return (
    edits && {
      class: "behaviour",
      title: isKept
        ? `Let \`${service}\` take artifacts from its clients and keep them in ${target}`
        : `Let \`${service}\` take artifacts from its clients and keep them in the volume ${volume}`,
      edits,
      touches: [
        ["services", service, "volumes"],
        ["services", service, "environment"],
        ["volumes", volume],
        ...touchedPaths(project, edits).filter(([, , key]) => key === "command" || key === "entrypoint"),
      ],
      remark: "Experiments that exist keep the artifact location they were made with",
    }
  );
}

/** Another option in its place: the value first, so that the flag's own place stays. */
function rewriteOption(server: MlflowServer, root: ServerOption, value: string): readonly EditStep[] | undefined {
  const { flag } = root;
  const name = "--default-artifact-root";
  if (flag === undefined)
    return [
      (kit) => kit.removeEnvironment(server.service, root.writtenIn),
      (kit) => kit.setEnvironment(server.service, "MLFLOW_ARTIFACTS_DESTINATION", value),
    ];
  return [
    ...(value === root.value.text ? [] : [(kit: Subject["edit"]) => rewriteText(kit, root.value, value)]),
    (kit) => rewriteText(kit, flag, "--artifacts-destination", [0, name.length]),
  ];
}

/** `mlflow-artifacts`, or `mlflow_artifacts` in a project that writes its volumes so. */
function volumeLike({ project }: Subject): string {
  const names = Object.keys(project.volumes);
  return names.some((name) => name.includes("_")) && !names.some((name) => name.includes("-"))
    ? "mlflow_artifacts"
    : "mlflow-artifacts";
}
