import { isHttpFailure, type HttpRequest } from "../../../ports/http.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";

/** A file is written, read back and removed through each MLflow server's artifact store. */
export const artifacts: DoctorCheck = {
  id: "artifacts",
  title: "Artifacts",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    return Object.values(stack.session.topology.services)
      .filter(({ product, component }) => product === "mlflow" && component?.id === "server")
      .map(({ service }) => ({ subject: service, ask: (signal) => askServer(stack, service, signal) }));
  },
};

async function askServer(stack: StackPlace, service: string, signal: AbortSignal): Promise<DoctorAnswer> {
  if (!isRunning(stack, service)) return notRunning(service);
  const address = stack.mlflowAt(service);
  if (address === undefined) return { outcome: "unknown", fact: `${service} has no address here` };
  const { http, random } = stack.session.home.ports;
  const text = Buffer.from(random.bytes(12)).toString("hex");
  const path = `/api/2.0/mlflow-artifacts/artifacts/bulkhead-doctor-${text}.txt`;
  const ask = (request: Pick<HttpRequest, "method" | "body" | "signal">) =>
    http.request({
      ...request,
      url: `${address.baseUrl}${address.prefix}${path}`,
      headers: { host: `localhost:${address.target}`, "content-type": "text/plain" },
      timeoutMs: 2_000,
    });
  const written = await ask({ method: "PUT", body: text, signal });
  if (isHttpFailure(written)) return { outcome: "fail", fact: written.reason, cure: `bulkhead logs ${service}` };
  if ([401, 403, 404, 503].includes(written.status)) {
    const why = written.status === 401 || written.status === 403 ? "it asks for a login" : "it proxies no artifacts";
    return { outcome: "unknown", fact: `nothing could be written through it: ${why} (${written.status})` };
  }
  try {
    if (written.status >= 300) return unwritable(service, `PUT answered ${written.status}`);
    const read = await ask({ method: "GET", signal });
    if (isHttpFailure(read)) return unwritable(service, `GET: ${read.reason}`);
    return read.status === 200 && read.text === text
      ? { outcome: "ok", fact: "written, read back and removed" }
      : unwritable(service, `GET of what was written answered ${read.status}`);
  } finally {
    // Also when the time is over: nothing of ours stays there.
    await ask({ method: "DELETE" });
  }
}

function unwritable(service: string, fact: string): DoctorAnswer {
  return {
    outcome: "fail",
    fact: `its artifact store cannot be used: ${fact}`,
    cure: `bulkhead logs ${service}\nbulkhead check`,
  };
}
