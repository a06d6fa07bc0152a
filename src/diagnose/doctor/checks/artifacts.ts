import { isHttpFailure, type HttpRequest, type HttpResponse, type HttpFailure } from "../../../ports/http.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { judgeClientStore } from "../judge-client-store.ts";

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

type Ask = (
  request: Pick<HttpRequest, "method" | "body" | "signal"> & { readonly path: string },
) => Promise<HttpResponse | HttpFailure>;

async function askServer(stack: StackPlace, service: string, signal: AbortSignal): Promise<DoctorAnswer> {
  if (!isRunning(stack, service)) return notRunning(service);
  const address = stack.mlflowAt(service);
  if (address === undefined) return { outcome: "unknown", fact: `${service} has no address here` };
  const { http, random } = stack.session.home.ports;
  const ask: Ask = ({ path, ...request }) =>
    http.request({
      ...request,
      url: `${address.baseUrl}${address.prefix}${path}`,
      headers: { host: `${service}:${address.target}`, "content-type": "text/plain" },
      timeoutMs: 8_000,
    });
  const root = await readRoot(ask, signal);
  if (root !== undefined && !root.startsWith("mlflow-artifacts:")) return judgeClientStore(stack, service, root);
  const text = Buffer.from(random.bytes(12)).toString("hex");
  const path = `/api/2.0/mlflow-artifacts/artifacts/bulkhead-doctor-${text}.txt`;
  const written = await ask({ path, method: "PUT", body: text, signal });
  if (isHttpFailure(written)) return { outcome: "fail", fact: written.reason, cure: `bulkhead logs ${service}` };
  if (written.status === 401 || written.status === 403) {
    const why = /host header/i.test(written.text) ? "it refuses its own name" : "it asks for a login";
    return { outcome: "unknown", fact: `nothing could be written through it: ${why} (${written.status})` };
  }
  try {
    if (written.status >= 300) return unwritable(service, `PUT answered ${written.status}`);
    const read = await ask({ path, method: "GET", signal });
    if (isHttpFailure(read)) return unwritable(service, `GET: ${read.reason}`);
    return read.status === 200 && read.text === text
      ? { outcome: "ok", fact: "written, read back and removed" }
      : unwritable(service, `GET of what was written answered ${read.status}`);
  } finally {
    // Also when the time is over: nothing of ours stays there.
    await ask({ path, method: "DELETE" });
  }
}

/** Where the first experiment keeps its artifacts: `mlflow-artifacts:/0` through the server. Undefined: it does not tell. */
async function readRoot(ask: Ask, signal: AbortSignal): Promise<string | undefined> {
  const answer = await ask({ path: "/api/2.0/mlflow/experiments/get?experiment_id=0", method: "GET", signal });
  if (isHttpFailure(answer) || answer.status !== 200) return undefined;
  return (JSON.parse(answer.text) as { experiment?: { artifact_location?: string } }).experiment?.artifact_location;
}

function unwritable(service: string, fact: string): DoctorAnswer {
  return {
    outcome: "fail",
    fact: `its artifact store cannot be used: ${fact}`,
    cure: `bulkhead logs ${service}\nbulkhead check`,
  };
}
