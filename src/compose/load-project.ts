import type { Sources } from "../ports/sources.ts";
import { faultsError } from "./faults.ts";
import { loadOutcome } from "./load-outcome.ts";
import type { LoadRequest } from "./load-request.ts";
import type { Project } from "./project.ts";

/**
 * Loads a Compose project as Docker Compose does: text in, the effective model with the origin of every value out.
 * Reads only through `sources`.
 *
 * @throws ToolError COMPOSE_NOT_FOUND when there is no Compose file; COMPOSE_INVALID with all faults, each
 *   `file:line:column: what`, and `detail.faults` as ComposeFault[]; COMPOSE_UNSUPPORTED, with places, for features
 *   that are not understood
 */
export function loadProject(sources: Sources, request: LoadRequest): Project {
  const { project, faults } = loadOutcome(request, sources);
  if (faults.length > 0) throw faultsError(faults);
  if (project === undefined) throw new Error("a project without faults has no model");
  return project;
}
