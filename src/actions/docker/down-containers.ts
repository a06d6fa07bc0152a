import { join } from "node:path";

import type { DockerSession } from "../../engine/docker/docker-session.ts";
import { runCompose } from "../../engine/docker/run-compose.ts";
import { removeProjectState } from "../../engine/native/remove-project-state.ts";
import { saveProjectRecord } from "../../engine/save-project-record.ts";
import type { ProjectBackup } from "../../stack/back-up-databases.ts";
import type { DownOptions, DownResult } from "../down.ts";

/**
 * Removes a project's containers and networks, and with `volumes` its volumes and what was remembered of it. `kept`: the
 * backup that was made of them.
 */
export async function downContainers(
  session: DockerSession,
  wanted: DownOptions,
  kept: ProjectBackup | undefined,
): Promise<DownResult> {
  const { home, cli, project } = session;
  const before = await session.look();
  const label = `label=com.docker.compose.project=${project.name}`;
  const listed = await cli.docker(["volume", "ls", "--quiet", "--filter", label], { signal: home.signal });
  const grace = wanted.timeoutMs === undefined ? [] : ["--timeout", String(Math.ceil(wanted.timeoutMs / 1000))];
  await runCompose(session, ["down", "--remove-orphans", ...grace, ...(wanted.volumes ? ["--volumes"] : [])]);
  const stopped = [...new Set(before.map(({ service }) => service))];
  for (const service of stopped) home.emit({ type: "service", service, state: "stopped" });
  if (!wanted.volumes) return { stopped, removedVolumes: [], copies: [] };
  await forget(session);
  const removedVolumes = listed.stdout.split("\n").filter((name) => name !== "");
  const copies = kept?.copies ?? [];
  const backup = kept?.archive?.path ?? copies[0];
  return { stopped, removedVolumes, copies, ...(backup === undefined ? {} : { backup }) };
}

/** Forgets the project, but never volumes that an earlier run under the native engine left: then it is that one's again. */
async function forget(session: DockerSession): Promise<void> {
  const { files } = session.home.ports;
  const { layout } = session;
  const kept = (await files.exists(layout.volumes)) ? await files.list(layout.volumes) : [];
  if (kept.length === 0) {
    await removeProjectState(files, layout);
    return;
  }
  await files.remove(join(layout.directory, "jobs"));
  await saveProjectRecord({ ...session, engine: "native" }, {});
}
