import { join } from "node:path";

import type { DockerSession } from "../../engine/docker/docker-session.ts";
import { listVolumes } from "../../engine/docker/list-volumes.ts";
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
  const { home } = session;
  const before = await session.look();
  const had = wanted.volumes ? await listVolumes(session, "own") : [];
  const grace = wanted.timeoutMs === undefined ? [] : ["--timeout", String(Math.ceil(wanted.timeoutMs / 1000))];
  await runCompose(session, ["down", "--remove-orphans", ...grace, ...(wanted.volumes ? ["--volumes"] : [])]);
  const stopped = [...new Set(before.map(({ service }) => service))];
  for (const service of stopped) home.emit({ type: "service", service, state: "stopped" });
  if (!wanted.volumes) return { stopped, removedVolumes: [], copies: [] };
  const mounted = before.flatMap(({ mounts }) => mounts.flatMap(({ volume }) => volume ?? []));
  await removeUnnamed(session, mounted);
  const there = new Set(await listVolumes(session, "all"));
  tellLeft(
    session,
    [...new Set([...had, ...mounted])].filter((name) => there.has(name)),
  );
  await forget(session);
  const copies = kept?.copies ?? [];
  const backup = kept?.archive?.path ?? copies[0];
  const removedVolumes = had.filter((name) => !there.has(name));
  return { stopped, removedVolumes, copies, ...(backup === undefined ? {} : { backup }) };
}

/**
 * A container that is made anew gets the unnamed volumes of the one before, by the names that the engine gave them: then
 * Compose no longer removes them with it (seen with v5.6.0). What another container uses stays.
 */
async function removeUnnamed({ cli, home }: DockerSession, volumes: readonly string[]): Promise<void> {
  const unnamed = volumes.filter((name) => /^[0-9a-f]{64}$/.test(name));
  if (unnamed.length === 0) return;
  await cli.docker(["volume", "rm", "--force", ...unnamed], { signal: home.signal });
  home.signal.throwIfAborted();
}

/** Compose removes only volumes that an active service of the file has now. What it leaves may be wanted: it is not ours to remove. */
function tellLeft({ home, project }: DockerSession, volumes: readonly string[]): void {
  const external = Object.values(project.volumes).flatMap((one) => (one.external === true ? one.name : []));
  const left = volumes.filter((name) => !external.includes(name));
  if (left.length === 0) return;
  const names = left.length === 1 ? `volume ${left[0]}` : `volumes ${left.join(", ")}`;
  home.emit({
    type: "warning",
    message: `Left in Docker: ${names}, of no active service of ${project.name}.`,
    hint: `docker volume rm ${left.join(" ")}`,
  });
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
