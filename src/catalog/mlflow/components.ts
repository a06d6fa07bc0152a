import type { Component, Listener } from "../product.ts";

const server: Listener = {
  port: 5000,
  purpose: "api",
  program: "mlflow",
  portFlags: ["--port", "-p"],
  hostFlags: ["--host", "-h"],
  portVariables: ["MLFLOW_PORT"],
  hostVariables: ["MLFLOW_HOST"],
  sharedByApp: false,
};

/** The component that an `mlflow ...` command line runs. `words` starts with `mlflow`. */
export function recogniseMlflowComponent(words: readonly string[]): Component {
  const [first = "help", second] = words.slice(1).filter((word) => !word.startsWith("-"));
  if (first === "server" || first === "ui") return { id: "server", oneShot: false, listeners: [server] };
  if (first === "models" && second === "serve") return { id: "model-server", oneShot: false, listeners: [server] };
  if (first === "db" && second === "upgrade") return { id: "migration", oneShot: true, listeners: [] };
  return { id: second === undefined ? first : `${first}-${second}`, oneShot: true, listeners: [] };
}
