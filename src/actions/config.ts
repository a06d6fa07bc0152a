import { renderConfig } from "../compose/render-config.ts";
import type { Project } from "../compose/project.ts";
import { redactConfig } from "../compose/redact-config.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openProject } from "./open-project.ts";

export interface ConfigOptions {
  readonly format: "yaml" | "json";
  /** Only names: services, volumes or images. */
  readonly services: boolean;
  readonly volumes: boolean;
  readonly images: boolean;
  /** Mask what looks like a secret. */
  readonly redact: boolean;
  readonly quiet: boolean;
}

/** The effective model as `docker compose config` prints it, or the names asked for, one a line. */
export async function config(context: ActionContext, options: ProjectOptions, wanted: ConfigOptions): Promise<string> {
  const project = openProject(context, options);
  for (const { message, hint } of project.warnings) {
    context.emit({ type: "warning", message, ...(hint === undefined ? {} : { hint }) });
  }
  if (wanted.quiet) return "";
  if (wanted.services) return lines(Object.keys(project.services));
  if (wanted.volumes) return lines(Object.keys(project.volumes));
  if (wanted.images) return lines(images(project));
  return renderConfig(wanted.redact ? redactConfig(project) : project, wanted.format);
}

/** The image of each service, as Compose names what it builds. */
function images(project: Project): readonly string[] {
  return Object.entries(project.services).map(([name, service]) => service.image ?? `${project.name}-${name}`);
}

function lines(names: readonly string[]): string {
  return names.map((name) => `${name}\n`).join("");
}
