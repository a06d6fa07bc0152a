import type { ExplainedCause, ExplainResult } from "../../actions/explain.ts";
import type { Symptom } from "../../diagnose/fold-causes.ts";
import type { Evidence } from "../../diagnose/sighting.ts";
import { placeRegion } from "./findings/place-region.ts";

/** The payload of `bulkhead explain --json` (docs/schema/explain.schema.json). */
export function explainJson(result: ExplainResult): Readonly<Record<string, unknown>> {
  const { project, logs, causes, unexplained, over, noise, unknownErrors, texts } = result;
  return {
    project: project ?? null,
    logs,
    causes: causes.map((cause) => causeJson(cause, texts)),
    consequences: unexplained.map(symptomJson),
    over: over.map(symptomJson),
    noise: noise.map(symptomJson),
    unknownErrors: unknownErrors.map((error) => ({ ...evidenceJson(error), block: error.block })),
  };
}

function causeJson(cause: ExplainedCause, texts: ExplainResult["texts"]) {
  const { confidence, why, cure, sources, consequences, labels } = cause;
  return {
    ...symptomJson(cause),
    confidence,
    why,
    cure: cure.map(({ say, run }) => ({ say, run: run ?? null })),
    places: labels.map(({ span, text }) => {
      const { startLine, startColumn, endLine, endColumn } = placeRegion(span, texts.get(span.file));
      return { text, file: span.file, line: startLine, column: startColumn, endLine, endColumn };
    }),
    consequences: consequences.map(symptomJson),
    sources,
  };
}

function symptomJson({ signature, services, what, count, evidence }: Symptom) {
  return { signature, services, what, count, evidence: evidence.map(evidenceJson) };
}

function evidenceJson({ log, service, time, line }: Evidence) {
  return { log, service: service ?? null, time: time === undefined ? null : new Date(time).toISOString(), line };
}
