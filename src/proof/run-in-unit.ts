import { join } from "node:path";

import type { UnitSpec } from "../engine/native/unit.ts";
import type { RunResult } from "../ports/processes.ts";
import type { ProofContext } from "./proof-context.ts";

/**
 * Runs one of our Python programs with a unit's interpreter, environment, account and directory. `orders` reach it as
 * BULKHEAD_PROOF: argv is everybody's to read.
 */
export async function runInUnit(
  context: Pick<ProofContext, "session" | "signal">,
  spec: UnitSpec,
  program: "proof_airflow.py" | "proof_artifacts.py",
  orders: unknown,
): Promise<RunResult> {
  const { ports, resources } = context.session.home;
  return ports.processes.run({
    argv: ["python", "-"],
    input: await ports.files.readText(join(resources, "python", program)),
    cwd: spec.cwd,
    env: { ...spec.env, BULKHEAD_PROOF: JSON.stringify(orders), PYTHONDONTWRITEBYTECODE: "1" },
    ...(spec.owner === undefined ? {} : { owner: spec.owner }),
    timeoutMs: 120_000,
    signal: context.signal,
  });
}
