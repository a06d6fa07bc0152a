import { defineSignature } from "../../signature.ts";

export const entrypointGaveUp = defineSignature({
  id: "entrypoint-gave-up",
  group: "network",
  kind: "consequence",
  confidence: "certain",
  marks: ["Maximum number of retries"],
  patterns: [/ERROR! Maximum number of retries \((?<retries>\d+)\) reached/],
  what: "the image's entry point of {service|Airflow} gave up after {retries} attempts to reach its database",
  why: "The Airflow image runs `airflow db check` up to 20 times, 3 s apart, before it starts anything. What each attempt said stands above.",
  cure: [{ say: "Read what the attempts said", run: "bulkhead logs {service}" }],
  sources: ["apache/airflow scripts/docker/entrypoint_prod.sh (run_check_with_retries)"],
  examples: ["airflow-1 | ERROR! Maximum number of retries (20) reached."],
  lookalikes: ["airflow-1 | ERROR: You need to initialize the database."],
});
