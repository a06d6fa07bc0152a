import type { Label } from "../../core/finding.ts";
import type { Span } from "../../core/span.ts";
import { findBlankUses, type BlankPlace } from "../find-blank-uses.ts";
import { touchedPaths } from "../touched-paths.ts";
import { shellScripts } from "../shell-scripts.ts";
import { readSpan } from "../read-span.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/** What every shell or image sets by itself. */
const shellVariables = new Set([
  "HOME",
  "HOSTNAME",
  "IFS",
  "OLDPWD",
  "PATH",
  "PWD",
  "RANDOM",
  "SECONDS",
  "UID",
  "EUID",
]);

/**
 * `${X}` in a command or health check that the container's shell was to fill: Compose looks it up on the host, finds
 * nothing, and the shell never sees it. `$$` leaves one `$` for the shell.
 */
export const shellBlankInterpolation = defineRule({
  id: "shell-blank-interpolation",
  group: "loading",
  severity: "warning",
  fix: "behaviour",
  summary: "A variable of the container's shell that Compose replaces with nothing",
  *check(subject) {
    const meant = findBlankUses(subject.project).flatMap((use) => {
      const service = use.path?.[0] === "services" ? use.path[1] : undefined;
      const reason = service === undefined ? undefined : containerReason(subject, service, use);
      return service === undefined || reason === undefined ? [] : [{ ...use, service, reason }];
    });
    for (const use of meant) yield* tell(subject, use);
  },
});

interface MeantUse extends BlankPlace {
  readonly service: string;
  /** Where the container has it: `environment`, `script`. */
  readonly reason: "environment" | "script" | "shell";
}

function containerReason(
  { project, topology }: Subject,
  service: string,
  { path, variable }: BlankPlace,
): MeantUse["reason"] | undefined {
  const found = project.services[service];
  // Airflow's own Compose file reads it in a script, on the host's behalf.
  if (found === undefined || variable === "AIRFLOW_UID") return undefined;
  // Without a shell nothing would expand it in the container either.
  const script = shellScripts(service, found).find((one) => one.path[2] === path?.[2])?.script;
  if (script === undefined) return undefined;
  const environment = topology.services[service]?.environment ?? found.environment;
  if ((environment[variable] ?? "") !== "") return "environment";
  if (shellVariables.has(variable)) return "shell";
  const assigns = new RegExp(
    `(?:^|[\\s;&|(])(?:for\\s+${variable}\\s+in\\b|read\\s+(?:-\\w+\\s+)*${variable}\\b|${variable}=)`,
  );
  return assigns.test(script) ? "script" : undefined;
}

function* tell(
  { project, sources, edit }: Subject,
  { service, variable, span, path, reason }: MeantUse,
): Iterable<Fault> {
  if (span === undefined) return;
  const where = path?.[2] === "healthcheck" ? "health check" : (path?.[2] ?? "command");
  yield {
    message: `Compose replaces \`${variable}\` in the ${where} of \`${service}\` with nothing before the container's shell sees it`,
    labels: [
      { span, text: "looked up on the host, where it is not set" },
      ...environmentLabel(project, service, variable),
    ],
    services: [service],
    evidence: [service, where, variable],
    consequence: `The "${variable}" variable is not set. Defaulting to a blank string.`,
    notes: reason === "script" ? [`The script itself sets \`${variable}\``] : [],
    about: [`variable ${variable}`],
    fix: () => {
      if (readSpan(sources, span)?.startsWith("$") !== true) return undefined;
      const edits = [edit.replace({ ...span, end: span.start }, "$")];
      const touches = touchedPaths(project, edits);
      return { class: "behaviour", title: `Leave \`${variable}\` to the container's shell`, edits, touches };
    },
  };
}

function environmentLabel(project: Subject["project"], service: string, variable: string): readonly Label[] {
  const path = ["services", service, "environment", variable];
  const span: Span | undefined =
    project.origins.keyAt(path) ?? project.origins.at(path)?.chain.find((link) => link.span !== undefined)?.span;
  return span === undefined ? [] : [{ span, text: "the container has it from here" }];
}
