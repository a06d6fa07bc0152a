import type { CheckScope } from "../../actions/check.ts";
import { defineCommand, type CommandContext } from "../define-command.ts";

/** The other formats have no place for a repair, and are not kept waiting for it. */
const showsFixes: ReadonlySet<string> = new Set(["pretty", "json", "sarif"]);

export const command = defineCommand({
  name: "check",
  order: 15,
  summary: "Find what would break before anything starts",
  description:
    "Judges the project from its files alone: connections, databases, order of start, versions, exposure. PATH is a Compose file or a directory; without one it is the project that the other commands mean. Exit code 1: something at or above --fail-on; 2: a project, or a part of one, could not be read. A line `# bulkhead: ignore RULE: reason` on or above a place leaves a finding out.",
  examples: [
    { line: "bulkhead check", says: "the project here" },
    { line: "bulkhead check -r .", says: "every project below" },
    { line: "bulkhead check --explain shared-database", says: "what a rule means and what to do" },
    { line: "bulkhead check --format sarif > bulkhead.sarif", says: "for code scanning" },
  ],
  positionals: [{ name: "PATH", required: false, repeatable: true, description: "Compose file or directory" }],
  flags: {
    recursive: { long: "recursive", short: "r", type: "boolean", description: "Every project below the directories" },
    format: {
      long: "format",
      type: "choice",
      choices: ["pretty", "concise", "json", "sarif", "github", "junit"],
      description: "How to print (default pretty); json is what --json prints",
    },
    failOn: {
      long: "fail-on",
      type: "choice",
      choices: ["error", "warning", "info"],
      description: "The severity from which on the exit code is 1 (default error)",
    },
    rules: { long: "rule", type: "strings", value: "RULE", description: "Only this rule; may be repeated" },
    ignored: { long: "ignore", type: "strings", value: "RULE", description: "Not this rule; may be repeated" },
    fix: {
      long: "fix",
      type: "choice",
      choices: ["safe", "behaviour"],
      bare: "safe",
      description: "Repair: safe fixes change nothing that runs, behaviour ones do (default safe)",
    },
    diff: { long: "diff", type: "boolean", description: "Show what --fix would change and write nothing" },
    yes: { long: "yes", short: "y", type: "boolean", description: "Write behaviour fixes without asking" },
    sameServer: {
      long: "same-server",
      type: "boolean",
      description: "Separate databases on the server they share instead of adding a server",
    },
    explain: { long: "explain", type: "string", value: "RULE", description: "Print what a rule means and stop" },
    listRules: { long: "list-rules", type: "boolean", description: "Print all rules and stop" },
    baseline: {
      long: "baseline",
      type: "string",
      value: "FILE",
      description: "Leave the findings listed in FILE out, and as they are",
    },
    writeBaseline: {
      long: "write-baseline",
      type: "string",
      value: "FILE",
      description: "List what is found now in FILE and end with 0",
    },
  },
  async run(context, { flags, positionals }) {
    const { action, project, look, output } = context;
    if (flags.explain !== undefined) {
      const { explainRule } = await import("../../actions/check/explain-rule.ts");
      const page = await explainRule(action, flags.explain);
      return { exitCode: 0, payload: { rule: flags.explain, page }, text: page.trimEnd() };
    }
    if (flags.listRules) {
      const { listRules } = await import("../../actions/check/list-rules.ts");
      const { renderRuleTable } = await import("../render/findings/render-rule-table.ts");
      const rules = listRules();
      return { exitCode: 0, payload: { rules }, text: renderRuleTable(rules, look) };
    }
    const scope = {
      paths: positionals,
      recursive: flags.recursive,
      rules: flags.rules,
      ignoredRules: flags.ignored,
      sameServer: flags.sameServer,
      baseline: flags.baseline,
    };
    const { cwd } = action.ports.host;
    const allowed = flags.fix ?? (flags.diff ? "safe" : undefined);
    const fixed = allowed === undefined ? undefined : await repair(context, scope, { ...flags, allowed });
    const { check } = await import("../../actions/check.ts");
    const result = await check(action, project, {
      ...scope,
      failOn: flags.failOn ?? "error",
      writeBaseline: flags.writeBaseline,
      withFixes: output !== "text" || showsFixes.has(flags.format ?? "pretty"),
    });
    const { exitCode, projects } = result;
    const errors = projects.flatMap((one) => one.errors);
    if (output !== "text" || flags.format === "json") {
      const { checkJson } = await import("../render/findings/check-json.ts");
      const payload = { ...checkJson(result), ...(fixed === undefined ? {} : { fixes: fixed.json }) };
      return { exitCode, payload, errors, asJson: true };
    }
    const { renderCheck } = await import("../render/findings/render-check.ts");
    const format = flags.format ?? "pretty";
    const remaining = flags.diff ? "" : renderCheck(result, { format, look, cwd, version: action.version });
    const text = [fixed?.text ?? "", remaining].filter((part) => part !== "").join("\n\n");
    return { exitCode, payload: {}, text, errors };
  },
});

/** Repairs first; what is left is then found as without `--fix`. Asks before what runs is changed, where a person sits. */
async function repair(
  { action, project, look, interactive, output, print, confirm }: CommandContext,
  scope: CheckScope,
  {
    allowed,
    diff,
    yes,
    format,
  }: { allowed: "safe" | "behaviour"; diff: boolean; yes: boolean; format: string | undefined },
) {
  const { fix } = await import("../../actions/fix.ts");
  const { renderRepairs } = await import("../render/findings/render-repairs.ts");
  const { cwd } = action.ports.host;
  const result = await fix(action, project, {
    ...scope,
    upTo: allowed,
    confirm: async (repairs) => {
      if (diff) return false;
      const asks = interactive && output === "text" && !yes;
      const changes = repairs.some(({ fixed }) => fixed.some((one) => one.fix.class === "behaviour"));
      if (!asks || !changes) return true;
      await print(`${renderRepairs({ repairs, written: [] }, { look, cwd, diff: true }).text}\n\n`);
      return confirm("Write these changes?");
    },
  });
  const rendered = renderRepairs(result, { look, cwd, diff });
  // Machines read one document.
  return format === undefined || format === "pretty" || format === "concise" ? rendered : { ...rendered, text: "" };
}
