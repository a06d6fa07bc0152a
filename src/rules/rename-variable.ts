import type { Fix } from "../core/fix.ts";
import type { Subject } from "./rule.ts";

/** Gives a variable another name where it is written, for all services that have it from there. */
export function renameVariable(subject: Subject, service: string, name: string, right: string): Fix | undefined {
  const { edit, project } = subject;
  const span = project.origins.keyAt(["services", service, "environment", name]);
  if (span === undefined || right in (project.services[service]?.environment ?? {})) return undefined;
  const edits = [edit.replace(span, right)];
  const users = Object.keys(project.services).filter((one) => {
    const own = project.origins.keyAt(["services", one, "environment", name]);
    return own?.file === span.file && own.start === span.start;
  });
  const touches = users.flatMap((one) => [name, right].map((key) => ["services", one, "environment", key]));
  const extensions = Object.keys(project.extensions).map((one) => [one]);
  return { class: "behaviour", title: `Rename ${name} to ${right}`, edits, touches: [...touches, ...extensions] };
}
