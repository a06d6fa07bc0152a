import { join } from "node:path";

import type { ServiceAccess } from "../engine/service-access.ts";
import type { RunResult } from "../ports/processes.ts";
import type { ProofContext } from "./proof-context.ts";

/**
 * Runs one of our Python programs with a service's interpreter, environment, account and directory. `orders` reach it as
 * BULKHEAD_PROOF: argv is everybody's to read.
 */
export async function runInService(
  context: Pick<ProofContext, "session" | "signal">,
  access: ServiceAccess,
  program: "proof_airflow.py" | "proof_artifacts.py",
  orders: unknown,
): Promise<RunResult> {
  const { ports, resources } = context.session.home;
  return access.run({
    argv: ["python", "-"],
    input: await ports.files.readText(join(resources, "python", program)),
    env: { BULKHEAD_PROOF: JSON.stringify(orders), PYTHONDONTWRITEBYTECODE: "1" },
    timeoutMs: 120_000,
    signal: context.signal,
  });
}
