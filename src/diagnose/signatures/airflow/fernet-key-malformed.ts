import { defineSignature } from "../../signature.ts";

export const fernetKeyMalformed = defineSignature({
  id: "fernet-key-malformed",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["Fernet key must be 32 url-safe base64-encoded bytes"],
  patterns: [/Fernet key must be 32 url-safe base64-encoded bytes/],
  what: "the fernet_key of {service|Airflow} is no Fernet key",
  why: "It must be 32 bytes in URL-safe base64, 44 characters. A password of one's own, or a key cut at a $ or #, is none.",
  cure: [
    {
      say: "Make one and put it into AIRFLOW__CORE__FERNET_KEY of all components",
      run: 'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"',
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/16313"],
  examples: ["airflow-webserver-1 | ValueError: Fernet key must be 32 url-safe base64-encoded bytes."],
  lookalikes: ["airflow-webserver-1 | WARNING - empty cryptography key - values will not be stored encrypted."],
});
