import { defineSignature } from "../../signature.ts";

export const obsoleteVersion = defineSignature({
  id: "obsolete-version",
  group: "host",
  kind: "noise",
  confidence: "certain",
  marks: ["is obsolete"],
  patterns: [/the attribute `version` is obsolete/],
  what: "the Compose file has a `version`, which Compose no longer reads",
  why: "Compose v2 takes every file by the newest specification and warns about the line.",
  cure: [{ say: "Delete the line", run: "bulkhead check --fix --rule obsolete-version" }],
  sources: ["https://github.com/docker/compose/issues/11628"],
  examples: [
    "WARN[0000] /home/you/mlops/docker-compose.yml: the attribute `version` is obsolete, it will be ignored",
    'time="2026-11-23T06:37:58Z" level=warning msg="/app/docker-compose.yml: the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion"',
  ],
  lookalikes: ["WARN[0000] the option `links` is obsolete"],
});
