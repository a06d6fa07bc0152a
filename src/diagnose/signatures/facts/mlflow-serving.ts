import { defineSignature } from "../../signature.ts";

export const mlflowServing = defineSignature({
  id: "mlflow-serving",
  group: "facts",
  kind: "fact",
  confidence: "certain",
  marks: ["Listening at: http", "Uvicorn running on", "Application startup complete"],
  patterns: [/Listening at: https?:|Uvicorn running on|Application startup complete/],
  what: "MLflow's server is at work",
  why: "It opened its store before.",
  cure: [],
  sources: ["gunicorn/arbiter.py", "uvicorn/server.py"],
  examples: ["mlflow-1 | [2026-11-23 06:37:58 +0000] [21] [INFO] Listening at: http://0.0.0.0:5000 (21)"],
  lookalikes: ["mlflow-1 | Listening for events"],
});
