import { faultsError } from "../compose/faults.ts";
import { findValue, type MissingValue } from "../compose/find-value.ts";
import { hideSecretPlaces } from "../compose/hide-secret-places.ts";
import { lifeOfValue, type ValueLife } from "../compose/life-of-value.ts";
import { loadOutcome } from "../compose/load-outcome.ts";
import type { Project } from "../compose/project.ts";
import { suggestKey } from "../compose/suggest-key.ts";
import { ToolError } from "../core/tool-error.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { loadRequest } from "./load-request.ts";

export interface WhyResult {
  /** As typed. */
  readonly name: string;
  readonly life: ValueLife;
  /** Every file that the life points into, secrets of the value hidden, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Tells what made one effective value what it is. Reads files only; a faulty project is explained as far as it is known.
 *
 * @param name `SERVICE.PATH`: `airflow.environment.AIRFLOW__CORE__EXECUTOR`, `db.ports[0].published`
 * @throws ToolError as `loadProject` when there is no model at all; SERVICE_UNKNOWN, or COMMAND_USAGE for a path that
 *   leads nowhere
 */
export async function why(context: ActionContext, options: ProjectOptions, name: string): Promise<WhyResult> {
  const { sources } = context.ports;
  const { project, faults } = loadOutcome(loadRequest(context, options), sources);
  if (project === undefined) throw faultsError(faults);
  if (faults.length > 0)
    context.emit({
      type: "warning",
      message: `the project has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}; this is what is known`,
      hint: "bulkhead check",
    });
  const found = findValue(project, name);
  if (!("value" in found)) throw missing(project, found);
  const life = lifeOfValue(project, found);
  const links = [...life.steps, ...life.replaced];
  const files = new Set([...links.flatMap(({ span }) => span?.file ?? []), ...(life.key ? [life.key.file] : [])]);
  const texts = new Map<string, string>();
  for (const file of files) {
    const read = sources.read(file);
    if (read.kind !== "file") continue;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(read.bytes);
    texts.set(
      file,
      hideSecretPlaces(
        text,
        life.secrets.filter(({ span }) => span.file === file),
      ),
    );
  }
  return { name, life, texts };
}

function missing(project: Project, { reached, wanted, known }: MissingValue): ToolError {
  const first = /^[^.[]*/.exec(wanted)?.[0] ?? wanted;
  const near = suggestKey(first, known);
  const hint = near === undefined ? undefined : `bulkhead why ${reached === "" ? "" : `${reached}.`}${near}`;
  const facts = { ...(hint === undefined ? {} : { hint }), detail: { reached, wanted, known } };
  const there = known.length === 0 ? "nothing below it" : known.slice(0, 20).join(", ");
  return reached === ""
    ? new ToolError("SERVICE_UNKNOWN", `${project.name} has no service ${first}. It has: ${there}.`, facts)
    : new ToolError("COMMAND_USAGE", `${reached} has no ${wanted}. It has: ${there}.`, facts);
}
