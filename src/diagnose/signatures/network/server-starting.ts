import { defineSignature } from "../../signature.ts";

export const serverStarting = defineSignature({
  id: "server-starting",
  group: "network",
  kind: "noise",
  confidence: "certain",
  marks: ["the database system is starting up", "the database system is shutting down"],
  patterns: [/the database system is (?<state>starting up|shutting down)/],
  what: "somebody asked PostgreSQL while it was {state}",
  why: "A health check or an application was faster than the server. It passes by itself; a service that dies of it does not wait for the server to be healthy.",
  cure: [
    {
      say: "Where a service died of it, let it wait",
      run: "bulkhead check --fix=behaviour --rule not-gated-by-health",
    },
  ],
  sources: ["PostgreSQL postmaster.c"],
  examples: ["postgres-1 | 2026-11-23 06:37:58.902 UTC [33] FATAL:  the database system is starting up"],
  lookalikes: ["postgres-1 | 2026-11-23 06:37:58.902 UTC [1] LOG:  database system is ready to accept connections"],
});
