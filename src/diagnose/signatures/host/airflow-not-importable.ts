import { certainIn } from "../../certain-in.ts";
import { defineSignature } from "../../signature.ts";

export const airflowNotImportable = defineSignature({
  id: "airflow-not-importable",
  group: "host",
  kind: "fault",
  confidence: "likely",
  judge: certainIn("airflow"),
  marks: ["No module named 'airflow'"],
  patterns: [/No module named 'airflow'/],
  what: "{service|a service} runs the Airflow image as an account that does not see Airflow's packages",
  why: "The image installs Airflow for its own account with group 0. Run as root, or as a user whose group is not 0, Python does not find it.",
  cure: [
    {
      say: 'Set user: "${AIRFLOW_UID:-50000}:0" for the service, and let Dockerfiles install as USER airflow',
      run: "bulkhead why {service}.user",
    },
  ],
  keepsDown: true,
  sources: ["https://github.com/apache/airflow/issues/14616"],
  examples: ["airflow-init-1 | ModuleNotFoundError: No module named 'airflow'"],
  lookalikes: ["airflow-init-1 | ModuleNotFoundError: No module named 'airflow.providers.amazon'"],
});
