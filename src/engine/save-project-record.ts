import type { ProjectRecord } from "./project-state.ts";
import type { Session } from "./session.ts";

/** Remembers what runs a project, and where its ports are. */
export async function saveProjectRecord(session: Session, ports: ProjectRecord["ports"]): Promise<void> {
  const { project, home, layout, engine } = session;
  const record: ProjectRecord = {
    format: 1,
    name: project.name,
    directory: project.directory,
    files: project.files,
    engine,
    bulkhead: home.version,
    ports,
  };
  await home.ports.files.makeDirectory(layout.directory, { mode: 0o755 });
  await home.ports.files.writeText(layout.projectFile, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}
