import { defineSignature } from "../../signature.ts";

export const imageNotFound = defineSignature({
  id: "image-not-found",
  group: "host",
  kind: "fault",
  confidence: "certain",
  marks: ["manifest unknown", "manifest for ", "pull access denied", "toomanyrequests"],
  patterns: [
    /manifest for (?<image>\S+) not found/,
    /pull access denied for (?<image>[\w./-]+)/,
    /(?<image>\S+): (?:not found: )?manifest unknown/,
    /toomanyrequests: (?<reason>.+)/,
  ],
  what: "the image {image|of a service} cannot be had from its registry",
  why: "The tag or repository does not exist, needs a login, or the registry's limit for anonymous pulls is used up.",
  cure: [
    { say: "Check the image's name and tag", run: "bulkhead check --rule image-unavailable" },
    { say: "Log in where it is private or the limit is reached", run: "docker login" },
  ],
  keepsDown: true,
  sources: ["https://docs.docker.com/docker-hub/usage/"],
  examples: [
    "Error response from daemon: manifest for mlflow/mlflow:2.7.1 not found: manifest unknown: manifest unknown",
    "Error response from daemon: pull access denied for mlflow/mlflow, repository does not exist or may require 'docker login'",
  ],
  lookalikes: ["mlflow Pulled"],
});
