import { relative } from "node:path";

import type { Finding } from "../../core/finding.ts";
import { ToolError } from "../../core/tool-error.ts";
import { RULES } from "../../rules/registry.gen.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";
import { judgeOptions } from "./judge-options.ts";
import { checkProject, type CheckedFinding, type CheckedProject } from "./check-project.ts";

/**
 * Refuses a start that cannot succeed, and gives the faults that are likely or hurt only later.
 *
 * @param services what is to be started; faults of other services do not count
 * @throws ToolError CHECK_FAILED (exit 1) with the errors that are certain, a line each
 */
export async function assertStartable(
  context: ActionContext,
  options: ProjectOptions,
  services: readonly string[],
): Promise<readonly CheckedFinding[]> {
  const judge = (withFixes: boolean) =>
    checkProject(context, loadRequest(context, options), {
      rules: RULES,
      everyProfile: false,
      withFixes,
      options: judgeOptions(context, { sameServer: false }),
    });
  const faultsOf = ({ findings }: CheckedProject) =>
    findings.filter(
      (finding) =>
        finding.judgement === "fault" &&
        finding.severity !== "info" &&
        (finding.services.length === 0 || finding.services.some((service) => services.includes(service))),
    );
  const faults = faultsOf(await judge(false));
  if (!faults.some(isCertain)) return faults;
  // Only a refusal tells repairs.
  const checked = await judge(true);
  throw refusal(faultsOf(checked), checked.name ?? "", context.ports.host.cwd);
}

function isCertain({ severity, confidence }: Finding): boolean {
  return severity === "error" && confidence === "certain";
}

/** The repairs told are those of every fault, also of the likely ones: behind the first hurdle there are others. */
function refusal(faults: readonly Finding[], project: string, cwd: string): ToolError {
  const certain = faults.filter(isCertain);
  const lines = certain.map(({ rule, message, labels: [{ span }] }) => {
    const path = relative(cwd, span.file);
    return `  ${path.startsWith("../../..") ? span.file : path}:${span.line}:${span.column} ${message} (${rule})`;
  });
  const what = certain.length === 1 ? "A fault keeps" : `${certain.length} faults keep`;
  const repairs = faults.flatMap(({ fix }) => (fix !== undefined && "edits" in fix ? [fix.class] : []));
  const repair = repairs.includes("behaviour") ? ["bulkhead check --fix=behaviour"] : ["bulkhead check --fix"];
  return new ToolError("CHECK_FAILED", [`${what} ${project} from starting:`, ...lines].join("\n"), {
    hint: ["bulkhead check", ...(repairs.length === 0 ? [] : repair), "bulkhead up --no-check"].join("\n"),
    detail: { rules: certain.map(({ rule }) => rule) },
    exitCode: 1,
  });
}
