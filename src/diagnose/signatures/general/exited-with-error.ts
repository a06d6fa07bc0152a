import { defineSignature } from "../../signature.ts";

export const exitedWithError = defineSignature({
  id: "exited-with-error",
  group: "general",
  kind: "consequence",
  confidence: "likely",
  marks: ["exited with code"],
  patterns: [/^(?<container>[\w.-]+) exited with code (?<code>(?!0\b|137\b|143\b|130\b)\d+)/],
  what: "{container} ended with exit code {code}",
  why: "Compose tells the end only; the last lines before it say why.",
  cure: [{ say: "Read what it wrote last", run: "docker logs --tail 100 {container}" }],
  sources: ["https://github.com/docker/compose"],
  examples: ["mlflow-1 exited with code 1", "airflow-init-1 exited with code 2"],
  lookalikes: ["airflow-init-1 exited with code 0", "airflow-init-1 exited with code 137"],
});
