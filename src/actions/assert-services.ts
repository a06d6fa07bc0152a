import type { Project } from "../compose/project.ts";
import { ToolError } from "../core/tool-error.ts";

/** Every named service exists and is enabled, else ToolError SERVICE_UNKNOWN with the names there are. */
export function assertServices(project: Project, named: readonly string[]): void {
  for (const name of named) {
    if (project.services[name] !== undefined) continue;
    const disabled = project.disabledServices[name];
    if (disabled !== undefined) {
      throw new ToolError(
        "SERVICE_UNKNOWN",
        `${name} is disabled: none of its profiles (${disabled.profiles.join(", ")}) is active.`,
        {
          hint: `bulkhead --profile ${disabled.profiles[0] ?? ""} up ${name}`,
        },
      );
    }
    throw new ToolError(
      "SERVICE_UNKNOWN",
      `${project.name} has no service ${name}. It has: ${Object.keys(project.services).join(", ")}.`,
    );
  }
}
