import { defineSignature } from "../../signature.ts";

export const volumeKept = defineSignature({
  id: "volume-kept",
  group: "facts",
  kind: "fact",
  confidence: "certain",
  marks: ["appears to contain a database; Skipping initialization"],
  patterns: [/PostgreSQL Database directory appears to contain a database; Skipping initialization/],
  what: "the volume held a database already",
  why: "The image's variables and init scripts had no effect at this start.",
  cure: [],
  sources: ["docker-entrypoint.sh of the postgres image"],
  examples: ["postgres-1 | PostgreSQL Database directory appears to contain a database; Skipping initialization"],
  lookalikes: ["postgres-1 | PostgreSQL init process complete; ready for start up."],
});
