import type { ComposeFault } from "../../compose/compose-fault.ts";
import type { Fix } from "../../core/fix.ts";
import type { Span } from "../../core/span.ts";
import { findBlankUses, type BlankPlace } from "../find-blank-uses.ts";
import { groupBy } from "../../core/group-by.ts";
import { readSpan } from "../read-span.ts";
import { spanOfFault } from "../span-of-fault.ts";
import { defineRule, type Fault, type Subject, type Unknown } from "../rule.ts";

/** Kinds that rules of their own tell. */
const told: ReadonlySet<ComposeFault["kind"]> = new Set([
  "undefined-reference",
  "dependency-cycle",
  "env-file-missing",
  "duplicate-container-name",
]);

/** Everything else that Compose refuses, so that `check` says all of it. */
export const invalidCompose = defineRule({
  id: "invalid-compose",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "Something Compose refuses",
  hiddenBy: ["env-file-missing"],
  *check(subject) {
    const faults = subject.outcome.faults.filter(({ kind }) => !told.has(kind));
    if (faults.length === 0) return;
    const context = gatherContext(subject);
    for (const fault of faults) yield tell(subject, fault, context);
  },
});

/** What faults are held against, gathered once. */
interface Context {
  /** By the first two keys of their path. */
  readonly blanks: ReadonlyMap<string, readonly BlankPlace[]>;
  /** Services by the place of their key. */
  readonly services: ReadonlyMap<string, string>;
}

function gatherContext({ project }: Subject): Context {
  const names = Object.keys(project.services).flatMap((name) => {
    const key = project.origins.keyAt(["services", name]);
    return key === undefined ? [] : [[placeKey(key), name] as const];
  });
  return { blanks: groupBy(findBlankUses(project), ({ path = [] }) => pathKey(path)), services: new Map(names) };
}

function placeKey({ file, start }: Span): string {
  return `${file}\n${start}`;
}

function pathKey(path: readonly string[]): string {
  return path.slice(0, 2).join("\n");
}

function tell(subject: Subject, fault: ComposeFault, context: Context): Fault | Unknown {
  const { project } = subject;
  const path = "path" in fault.data && typeof fault.data.path !== "string" ? fault.data.path : [];
  const span = spanOfFault(fault, project);
  const service =
    "service" in fault.data
      ? fault.data.service
      : path[0] === "services"
        ? path[1]
        : context.services.get(placeKey(span));
  const nearby = path.length === 0 ? [] : (context.blanks.get(pathKey(path)) ?? []);
  const blanks = nearby.filter((use) => path.every((key, at) => use.path?.[at] === key));
  const common = {
    message: sentence(fault.message, path[0]),
    services: service === undefined ? [] : [service],
    evidence: [
      fault.kind,
      ...(service === undefined || path.length > 0 ? [] : [service]),
      ...path,
      ...("key" in fault.data && fault.data.key !== undefined ? [fault.data.key] : []),
    ],
    about: blanks.map(({ variable }) => `variable ${variable}`),
  };
  if (fault.kind === "remote") {
    return { ...common, judgement: "unknown", labels: [{ span, text: "not looked at" }] };
  }
  return {
    ...common,
    labels: [{ span, text: "Compose refuses this" }],
    notes: [
      ...blanks.map(({ variable }) => `\`${variable}\` is not set, so there is nothing in its place`),
      ...(fault.kind === "schema" && fault.data.suggestion !== undefined
        ? [`There is a key \`${fault.data.suggestion}\``]
        : []),
      ...(fault.hint === undefined ? [] : [capitalised(fault.hint)]),
    ],
    ...composeLine(fault, span.file),
    fix: () => planFix(subject, fault),
  };
}

/** Source: compose-go schema/schema.go; a key of a service itself is refused by a pattern, deeper ones by name. */
function composeLine(fault: ComposeFault, file: string): { readonly consequence?: string } {
  if (fault.kind !== "schema" || fault.data.key === undefined) return {};
  const { path, key } = fault.data;
  const place = (path.at(-1) === key ? path.slice(0, -1) : path).join(".");
  const isServiceKey = place.split(".").length === 2 && place.startsWith("services.");
  return {
    consequence: isServiceKey
      ? `validating ${file}: ${place}.${key} false schema`
      : `validating ${file}: ${place} additional properties '${key}' not allowed`,
  };
}

/** A key that is misspelt: `enviroment`. */
function planFix({ edit, sources }: Subject, fault: ComposeFault): Fix | undefined {
  if (fault.kind !== "schema" || fault.span === undefined) return undefined;
  const { key, suggestion, path } = fault.data;
  if (key === undefined || suggestion === undefined || readSpan(sources, fault.span) !== key) return undefined;
  return {
    class: "behaviour",
    title: `Write \`${suggestion}\` instead of \`${key}\``,
    edits: [edit.replace(fault.span, suggestion)],
    touches: [path.slice(0, 2)],
    reveals: path[0] === "services" && path[1] !== undefined ? [path[1]] : [],
  };
}

/** One that begins with a path of the model stays as it is. */
function sentence(message: string, section: string | undefined): string {
  const line = message.replace(/\s*\n\s*/g, ", ").replace(/; did you mean "[^"]*"\?$|\.$/, "");
  return section !== undefined && line.startsWith(section) ? line : capitalised(line);
}

function capitalised(text: string): string {
  return /^\S*[./]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
