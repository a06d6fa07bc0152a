import { defineSignature } from "../../signature.ts";

export const taskLogForbidden = defineSignature({
  id: "task-log-forbidden",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  marks: ["403 FORBIDDEN", "403 Client Error: FORBIDDEN", "the same 'secret_key' configured in"],
  patterns: [/403 (?:Client Error: )?FORBIDDEN'? for url:? '?\S*\/log\//, /the same 'secret_key' configured in/],
  what: "{service|the webserver} is refused when it fetches a task's log from the component that ran it",
  why: "Log requests are signed with [webserver] secret_key ([api] secret_key in 3.x). Unset, each component makes its own at start. A clock that is off has the same effect.",
  cure: [
    {
      say: "Set one secret for all components",
      run: "bulkhead check --fix=behaviour --rule airflow-secret-not-shared",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/17260"],
  examples: [
    "airflow-webserver-1 | requests.exceptions.HTTPError: Client error '403 FORBIDDEN' for url 'http://airflow-worker:8793/log/dag_id=x/run_id=y'\nairflow-webserver-1 | *** !!!! Please make sure that all your Airflow components (e.g. schedulers, webservers, workers and triggerer) have the same 'secret_key' configured in 'webserver' section and time is synchronized on all your machines",
  ],
  lookalikes: ['airflow-webserver-1 | "GET /api/v1/dags HTTP/1.1" 403 FORBIDDEN'],
});
