import { compareReleaseVersions } from "../catalog/compare-release-versions.ts";
import type { Project } from "../compose/project.ts";
import type { AddressCandidate } from "./address-candidate.ts";
import { airflowCandidates } from "./airflow-candidates.ts";
import { buildConnection, type ConnectionRequest, type FoundConnection } from "./build-connection.ts";
import { mlflowAuthCandidates, mlflowStoreCandidates, mlflowUpgradeCandidate } from "./mlflow-candidates.ts";
import type { ServiceView } from "./service-view.ts";
import type { Invocation } from "./topology.ts";
import type { TracedText } from "./traced-text.ts";

/**
 * The databases that the applications in one service use, each role once; the service's own product first. An Airflow
 * container that merely carries MLflow's variables does not use them: only programs that read them count.
 */
export function findConnections(project: Project, view: ServiceView): readonly FoundConnection[] {
  const found = [...findAirflow(project, view), ...findMlflow(project, view)];
  const isOwn = (one: FoundConnection): number => Number(one.product !== view.role.product);
  return found.toSorted((a, b) => isOwn(a) - isOwn(b));
}

function findAirflow(project: Project, view: ServiceView): FoundConnection[] {
  const programs = view.command.invocations.filter((one) => one.product === "airflow");
  if (programs.length === 0 && view.role.product !== "airflow") return [];
  const variables = variablesOf(view, programs);
  const readsAsync = compareReleaseVersions(view.role.version ?? "", "3.1.0") >= 0;
  const roles = readsAsync ? (["metadata", "async", "results"] as const) : (["metadata", "results"] as const);
  return roles.flatMap((role) => {
    const request: ConnectionRequest = { project, service: view.name, product: "airflow", role, variables };
    const candidates = airflowCandidates(view, role, variables);
    // Hardly anybody sets it: what may be written where it cannot be read is no reason to speak of it.
    const isWritten = ({ reason, text }: AddressCandidate): boolean => reason === undefined && text.text !== "";
    return listOne(buildConnection(request, role === "async" ? candidates.filter(isWritten) : candidates));
  });
}

function findMlflow(project: Project, view: ServiceView): FoundConnection[] {
  const programs = view.command.invocations.filter((one) => one.product === "mlflow");
  const isUnread = programs.length === 0 && view.role.product === "mlflow";
  const servers = programs.filter((one) => one.component?.id === "server" || one.component?.id === "gc");
  const found: FoundConnection[] = [];
  const add = (
    role: FoundConnection["role"],
    invocation: Invocation | undefined,
    candidates: readonly (AddressCandidate | undefined)[],
  ): void => {
    const variables = invocation?.variables ?? view.role.environmentText;
    const request: ConnectionRequest = { project, service: view.name, product: "mlflow", role, variables };
    const written = candidates.filter((one) => one !== undefined);
    const connection = buildConnection(request, written);
    const isKnown = found.some((one) => one.role === role && one.text.text === connection?.text.text);
    if (connection !== undefined && !isKnown) found.push(connection);
  };
  for (const server of isUnread ? [undefined] : servers) {
    // An image whose command cannot be read may serve or not: only what is written counts, no default.
    const isWritten = (one: AddressCandidate): boolean => server !== undefined || one.via !== "default";
    add("metadata", server, mlflowStoreCandidates(view, "metadata", server).filter(isWritten));
    add("registry", server, mlflowStoreCandidates(view, "registry", server));
    if (server !== undefined) add("auth", server, mlflowAuthCandidates(view, server));
  }
  for (const program of programs) {
    const candidate = mlflowUpgradeCandidate(program);
    add(program.program === "mlflow" ? "migration" : "auth", program, [candidate]);
  }
  return found;
}

/** The variables an application of the service sees: those of its first program, as its script exported them. */
export function variablesOf(view: ServiceView, programs: readonly Invocation[]): ReadonlyMap<string, TracedText> {
  const first = programs.find((one) => !one.conditional) ?? programs[0];
  return first?.variables ?? view.role.environmentText;
}

function listOne<T>(one: T | undefined): T[] {
  return one === undefined ? [] : [one];
}
