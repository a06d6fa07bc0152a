import type { Project, Service } from "../compose/project.ts";
import type { Sources } from "../ports/sources.ts";
import { containerFiles, type ContainerFiles } from "./container-file.ts";
import { readCommand, type CommandReading } from "./read-command.ts";
import type { ServiceRole } from "./topology.ts";

/** One service with all that is known of its container. */
export interface ServiceView {
  readonly name: string;
  readonly role: ServiceRole;
  readonly service: Service;
  readonly files: ContainerFiles;
  readonly command: CommandReading;
  /** Paths of its env files that are not there, required or not: what they would set is unknown. */
  readonly missingEnvFiles: readonly string[];
}

export function viewService(project: Project, role: ServiceRole, service: Service, sources: Sources): ServiceView {
  const files = containerFiles(project, service, role.dockerfile, sources);
  const command = readCommand(role.words, {
    service: role.service,
    image: role.base?.product ?? role.product,
    environment: role.environmentText,
    files,
    workingDirectory:
      service.working_dir ?? role.dockerfile?.workingDirectory ?? role.behaviour?.workingDirectory ?? "/",
  });
  const missingEnvFiles = (service.env_file ?? [])
    .map(({ path }) => path)
    .filter((path) => sources.kindOf(path) === "missing");
  return { name: role.service, role, service, files, command, missingEnvFiles };
}
