import type { ImageBehaviour, ImageReference, RecognisedImage } from "../product.ts";

/** `ghcr.io/mlflow/mlflow:vVERSION[-full]` and `mlflow/mlflow:VERSION`. */
export function recogniseMlflowImage(image: ImageReference): RecognisedImage | undefined {
  if (image.repository !== "mlflow/mlflow") return undefined;
  const tag = image.tag ?? "latest";
  return { product: "mlflow", version: tag.replace(/^v(?=\d)/, "").replace(/-full$/, ""), python: undefined };
}

/** A `python:slim` image with mlflow installed: no entrypoint, runs as root in `/`. */
export const mlflowImage: ImageBehaviour = {
  home: "/root",
  workingDirectory: "/",
  environment: {},
  defaultCommand: ["python3"],
  volumes: [],
};
