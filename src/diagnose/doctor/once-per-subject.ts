import type { StackPlace } from "./doctor-place.ts";

/** As long as a check has; a shared question has no check's own signal. */
const LIMIT_MS = 10_000;

/**
 * A question that several checks ask of one service or app: it is asked once a look, and each has the same answer, or the
 * same reason why there is none.
 */
export function oncePerSubject<T>(
  ask: (stack: StackPlace, subject: string, signal: AbortSignal) => Promise<T>,
): (stack: StackPlace, subject: string) => Promise<T> {
  const asked = new WeakMap<StackPlace, Map<string, Promise<T>>>();
  return (stack, subject) => {
    const answers = asked.get(stack) ?? new Map<string, Promise<T>>();
    asked.set(stack, answers);
    const signal = (): AbortSignal => AbortSignal.any([stack.session.home.signal, AbortSignal.timeout(LIMIT_MS)]);
    const answer = answers.get(subject) ?? ask(stack, subject, signal());
    answers.set(subject, answer);
    return answer;
  };
}
