import { defineSignature } from "../../signature.ts";

export const wrongPlatform = defineSignature({
  id: "wrong-platform",
  group: "host",
  kind: "fault",
  confidence: "likely",
  marks: [
    "Illegal instruction",
    "exec format error",
    "does not match the detected host platform",
    "no matching manifest for",
  ],
  patterns: [
    /Illegal instruction/,
    /exec format error/,
    /no matching manifest for (?<platform>\S+)/,
    /requested image's platform \((?<platform>[^)]+)\) does not match the detected host platform/,
  ],
  what: "the image of {service|a service} is built for another processor ({platform|amd64 on arm64, most often})",
  why: "The image has no build for this machine, or was pulled for another one; emulation is slow and breaks on some instructions.",
  cure: [{ say: "Use a tag that is built for both, or build it here", run: "docker buildx imagetools inspect IMAGE" }],
  keepsDown: true,
  sources: ["https://github.com/airflow-helm/charts/issues/58"],
  examples: [
    "airflow-worker-1 | exec /usr/bin/dumb-init: exec format error",
    "airflow-worker-1 | /entrypoint: line 20:    27 Illegal instruction     (core dumped) airflow version",
  ],
  lookalikes: ["airflow-worker-1 | Invalid instruction in dag"],
});
