import { isHttpFailure } from "../../../ports/http.ts";
import { nothingRuns, notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";

/** The MLflow that Airflow's services log with speaks what the server that runs understands. */
export const mlflowClient: DoctorCheck = {
  id: "mlflow-client",
  title: "MLflow client",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    const { apps, endpoints } = stack.session.topology;
    return apps
      .filter(({ product }) => product === "airflow")
      .flatMap(({ id, services }) => {
        const told = endpoints.find(({ service, role }) => role === "tracking" && services.includes(service));
        const server = told?.target?.kind === "service" ? told.target.service : undefined;
        return server === undefined
          ? []
          : [{ subject: id, ask: (signal: AbortSignal) => askApp(stack, { app: id, services, server }, signal) }];
      });
  },
};

async function askApp(
  stack: StackPlace,
  { app, services, server }: { readonly app: string; readonly services: readonly string[]; readonly server: string },
  signal: AbortSignal,
): Promise<DoctorAnswer> {
  const running = services.find((service) => isRunning(stack, service));
  if (running === undefined) return nothingRuns(app);
  if (!isRunning(stack, server)) return notRunning(server);
  const address = stack.mlflowAt(server);
  if (address === undefined) return { outcome: "unknown", fact: `${server} has no address here` };
  const [client, answer] = await Promise.all([
    stack.open(running).then((access) => access?.versionOf(["mlflow", "mlflow-skinny"])),
    stack.session.home.ports.http.request({
      url: `${address.baseUrl}${address.prefix}/version`,
      headers: { host: `${server}:${address.target}` },
      timeoutMs: 8_000,
      signal,
    }),
  ]);
  if (client === undefined) return { outcome: "ok", fact: "none installed" };
  if (isHttpFailure(answer)) return { outcome: "unknown", fact: answer.reason };
  if (answer.status !== 200)
    return { outcome: "unknown", fact: `${server} does not tell its version (${answer.status})` };
  return judgeSkew(server, { client, runs: answer.text.trim() });
}

/** Judges a client's version by the server's, `3.17.2`. Pure. */
export function judgeSkew(
  server: string,
  { client, runs }: { readonly client: string; readonly runs: string },
): DoctorAnswer {
  const fact = `${client}, ${server} is ${runs}`;
  if (Number.parseInt(client, 10) === Number.parseInt(runs, 10)) return { outcome: "ok", fact };
  return {
    outcome: "warn",
    fact: `${fact}: another major release, whose requests it does not all know`,
    cure: `Install mlflow==${runs} beside Airflow, in its Dockerfile or requirements, then:\nbulkhead up`,
  };
}
