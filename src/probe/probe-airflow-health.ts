import { isHttpFailure, type Http } from "../ports/http.ts";
import { fine, notYet, type ProbeOutcome } from "./probe-outcome.ts";

/** Health body of Airflow: component -> status; the page answers 200 whatever the parts' health (airflow #22895). */
export type AirflowHealth = Readonly<
  Record<string, { readonly status: string | null; readonly heartbeat: string | undefined }>
>;

export async function readAirflowHealth(
  http: Http,
  baseUrl: string,
  path: string,
  signal?: AbortSignal,
): Promise<AirflowHealth | { readonly reason: string }> {
  const answer = await http.request({
    url: baseUrl + path,
    timeoutMs: 5_000,
    ...(signal === undefined ? {} : { signal }),
  });
  if (isHttpFailure(answer)) return { reason: answer.reason };
  if (answer.status !== 200) return { reason: `GET ${path} answered ${answer.status}` };
  try {
    const body = JSON.parse(answer.text) as Record<string, Record<string, string | null> | undefined>;
    return Object.fromEntries(
      Object.entries(body).map(([component, facts]) => {
        const heartbeat = Object.entries(facts ?? {}).find(([key]) => key.startsWith("latest_"))?.[1];
        return [component, { status: facts?.["status"] ?? null, heartbeat: heartbeat ?? undefined }];
      }),
    );
  } catch {
    return { reason: `GET ${path} answered something else than JSON` };
  }
}

/** Health body's name of a component that an `airflow` sub-command runs; undefined: the body does not tell of it. */
export const healthNames: Readonly<Record<string, string>> = {
  scheduler: "scheduler",
  triggerer: "triggerer",
  "dag-processor": "dag_processor",
};

/**
 * The api-server (3.x) or webserver (2.x) answers, its metadatabase is healthy, and every component in `expected` is
 * healthy with a heartbeat newer than `since` (epoch milliseconds by component).
 */
export async function probeAirflowHealth(
  http: Http,
  request: {
    readonly baseUrl: string;
    /** Path of the health body, by version: catalog/airflow/operation.ts. */
    readonly path: string;
    readonly expected: Readonly<Record<string, number>>;
    readonly signal?: AbortSignal;
  },
): Promise<ProbeOutcome> {
  const health = await readAirflowHealth(http, request.baseUrl, request.path, request.signal);
  if ("reason" in health && typeof health.reason === "string") return notYet(health.reason);
  const body = health as AirflowHealth;
  if (body["metadatabase"]?.status !== "healthy") return notYet("metadatabase is not healthy");
  const missing = Object.entries(request.expected).filter(([component, since]) => {
    const facts = body[component];
    return facts?.status !== "healthy" || !(Date.parse(facts.heartbeat ?? "") > since);
  });
  if (missing.length > 0) return notYet(`no heartbeat yet of ${missing.map(([component]) => component).join(", ")}`);
  return fine(["metadatabase", ...Object.keys(request.expected)].join(", "));
}
