import { isHttpFailure, type Http } from "../ports/http.ts";
import { fine, notYet, type ProbeOutcome } from "./probe-outcome.ts";

/** Where an MLflow server answers, and the name its clients use: the server checks Host headers from 3.5.0 on. */
export interface MlflowAddress {
  readonly baseUrl: string;
  /** `mlflow:5000`. */
  readonly hostHeader: string;
  /** `--static-prefix`, or empty. */
  readonly prefix: string;
}

/**
 * A REST call that reads the store: /health answers without one. 401 with basic-auth's own body means that the app
 * itself answers; a store error behind it would be a 500.
 */
export async function probeMlflowStore(
  http: Http,
  address: MlflowAddress,
  signal?: AbortSignal,
): Promise<ProbeOutcome> {
  const path = `${address.prefix}/api/2.0/mlflow/experiments/search`;
  const answer = await http.request({
    method: "POST",
    url: address.baseUrl + path,
    headers: { host: address.hostHeader, "content-type": "application/json" },
    body: '{"max_results":1}',
    timeoutMs: 5_000,
    ...(signal === undefined ? {} : { signal }),
  });
  if (isHttpFailure(answer)) return notYet(answer.reason);
  if (answer.status === 200) return fine("experiments read from the store");
  if (answer.status === 401) return fine("answers and asks for a login");
  if (answer.status === 403 && /host header/i.test(answer.text)) {
    return {
      state: "fault",
      reason: `MLflow refuses the Host header ${address.hostHeader}: its --allowed-hosts do not hold it`,
    };
  }
  return notYet(`POST ${path} answered ${answer.status}`);
}
