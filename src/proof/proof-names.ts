import type { Random } from "../ports/random.ts";

/** What everything made by a proof begins with. */
const prefix = "bulkhead_proof_";

/**
 * The id of any proof, as a regular expression that JavaScript and PostgreSQL read alike: how a killed proof's leftovers
 * are found. Exact, so that nothing of the user's is ever taken for one.
 */
export const proofIdPattern = `${prefix}[0-9a-f]{12}`;

/** The SQL condition that a column names a proof; `lead` and `end` are regular expressions around its id. */
export function namesProof(column: string, lead = "^", end = "$"): string {
  return `${column} ~ '${lead}${proofIdPattern}${end}'`;
}

/** Task of the proof's DAG (resources/python/proof_dag.py). */
export const proofTask = "log_to_mlflow";

/** Names and values of one proof, different each time. */
export interface ProofNames {
  /** DAG id, DAG run id, MLflow experiment and file name without `.py`. */
  readonly id: string;
  /** A word the task prints. */
  readonly word: string;
  /** Value of the parameter `proof`. */
  readonly parameter: string;
  /** Value of the metric `proof`, exact in binary. */
  readonly metric: number;
  readonly artifact: { readonly name: string; readonly text: string };
}

export function createProofNames(random: Random): ProofNames {
  const hex = (length: number): string => Buffer.from(random.bytes(length)).toString("hex");
  return {
    id: `${prefix}${hex(6)}`,
    word: `proof-word-${hex(8)}`,
    parameter: hex(8),
    metric: (random.bytes(1)[0] ?? 0) / 256 + 1,
    artifact: { name: "artifact.txt", text: `${hex(512)}\n` },
  };
}
