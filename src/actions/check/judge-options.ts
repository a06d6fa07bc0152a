import type { JudgeOptions } from "../../rules/rule.ts";
import type { ActionContext } from "../context.ts";

/** What a judgement of today depends on besides the files. */
export function judgeOptions(context: ActionContext, wanted: Omit<JudgeOptions, "today">): JudgeOptions {
  return { ...wanted, today: new Date(context.ports.clock.now()).toISOString().slice(0, 10) };
}
