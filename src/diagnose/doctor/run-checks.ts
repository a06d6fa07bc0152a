import { isToolError } from "../../core/tool-error.ts";
import type { Clock } from "../../ports/clock.ts";
import { answerInTime } from "./answer-in-time.ts";
import type { DoctorAnswer, DoctorCheck, DoctorQuestion } from "./doctor-check.ts";
import type { DoctorPlace } from "./doctor-place.ts";

/** One answered question, as `doctor` tells it. */
export interface DoctorRow extends DoctorAnswer {
  readonly id: string;
  readonly title: string;
  readonly scope: "host" | "stack";
  readonly subject: string | undefined;
}

/** A healthy stack answers in less than three seconds, on a busy machine too; what hangs is not waited for much longer. */
const LIMIT_MS = 10_000;

/**
 * Asks all questions at once, each within its own time; rows in the order of the checks. One that fails to answer hides no
 * other. Rejects with the signal's reason only.
 */
export async function runChecks(
  checks: readonly DoctorCheck[],
  place: DoctorPlace,
  signal: AbortSignal,
): Promise<readonly DoctorRow[]> {
  const rows = await Promise.all(
    checks.flatMap((check) =>
      listQuestions(check, place).map(async (question): Promise<DoctorRow> => {
        const answer = await askInTime(place.io.clock, question, check.limitMs ?? LIMIT_MS, signal);
        const { id, title, scope } = check;
        return { id, title, scope, subject: question.subject, ...answer };
      }),
    ),
  );
  signal.throwIfAborted();
  return rows;
}

function listQuestions(check: DoctorCheck, place: DoctorPlace): readonly DoctorQuestion[] {
  try {
    return check.questions(place);
  } catch (error) {
    return [{ ask: () => Promise.reject(error) }];
  }
}

async function askInTime(
  clock: Clock,
  { ask }: DoctorQuestion,
  limitMs: number,
  signal: AbortSignal,
): Promise<DoctorAnswer> {
  try {
    return await answerInTime(clock, { limitMs, signal }, ask, (seconds) => ({
      outcome: "unknown",
      fact: `no answer within ${seconds} s`,
    }));
  } catch (error) {
    const fact = error instanceof Error ? error.message : String(error);
    return { outcome: "unknown", fact, cure: isToolError(error) ? error.hint : undefined };
  }
}
