import { certainIn } from "../../certain-in.ts";
import { defineSignature } from "../../signature.ts";

export const fernetKeyDiffers = defineSignature({
  id: "fernet-key-differs",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  judge: certainIn("airflow"),
  marks: ["InvalidToken"],
  patterns: [/cryptography\.fernet\.InvalidToken/],
  what: "{service|Airflow} cannot decrypt a stored connection or variable: its fernet_key is not the one that encrypted it",
  why: "Passwords of connections are encrypted with AIRFLOW__CORE__FERNET_KEY. It was changed, differs between components, or is made anew at each start where the file sets none (3.x).",
  cure: [
    { say: "Give all components the key that was used", run: "bulkhead check --rule airflow-secret-not-shared" },
    {
      say: "With both keys (NEW,OLD in that variable), re-encrypt",
      run: "bulkhead exec {service} airflow rotate-fernet-key",
    },
  ],
  sources: ["https://github.com/apache/airflow/issues/18127"],
  examples: ["airflow-scheduler-1 | cryptography.fernet.InvalidToken"],
  lookalikes: ["airflow-1 | jwt.exceptions.InvalidTokenError: Invalid auth token"],
});
