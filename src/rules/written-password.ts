import type { DatabaseServer } from "../topology/topology.ts";
import { traceValue } from "../topology/traced-text.ts";
import type { Subject } from "./rule.ts";
import { writtenVariable } from "./written-variable.ts";

/** A server's password as it can stand in a URL: by its variable where it has one, else escaped. */
export function writtenPassword({ project }: Subject, { service }: DatabaseServer, value: string): string | undefined {
  for (const [name, text] of Object.entries(project.services[service]?.environment ?? {})) {
    if (text !== value) continue;
    const variable = writtenVariable(project, traceValue(text, ["services", service, "environment", name]));
    if (variable !== undefined) return encodeURIComponent(value) === value ? variable : undefined;
  }
  return encodeURIComponent(value);
}
