import type { UnitStatus } from "../native/unit.ts";
import { createStatusBoard, type StatusBoard } from "../status-board.ts";
import type { Container } from "./container.ts";
import type { DockerSession } from "./docker-session.ts";

export interface ContainerWatch {
  status(service: string): UnitStatus | undefined;
  readonly find: (service: string) => Container | undefined;
  readonly until: StatusBoard["until"];
  refresh(): Promise<void>;
  close(): void;
}

/** The events after which a container is another one to us. */
const changes = ["start", "die", "stop", "kill", "restart", "destroy", "rename", "pause", "unpause", "health_status"];

/**
 * The newest state of every container of a project, read anew whenever the engine tells that one changed: nothing is
 * polled. Of several containers of one service the first counts.
 */
export async function watchContainers(session: DockerSession): Promise<ContainerWatch> {
  const { cli, project, home } = session;
  const find = (service: string): Container | undefined =>
    session.containers().find((container) => container.service === service);
  const board = createStatusBoard((service) => find(service)?.status);
  const ended = new AbortController();
  const own = AbortSignal.any([home.signal, ended.signal]);
  let reading: Promise<void> | undefined;
  let isStale = false;
  const read = async (): Promise<void> => {
    do {
      isStale = false;
      await session.look();
      board.changed();
    } while (isStale);
  };
  /** One reading at a time; what happens during one is read after it. */
  const refresh = async (): Promise<void> => {
    isStale = true;
    reading ??= read().finally(() => (reading = undefined));
    await reading;
  };
  const fail = (error: unknown): void => {
    if (!own.aborted) board.failed(error);
  };
  const filters = [`label=com.docker.compose.project=${project.name}`, ...changes.map((name) => `event=${name}`)];
  const events = cli.docker(
    ["events", "--format", "{{.Action}}", ...filters.flatMap((filter) => ["--filter", filter])],
    { signal: own, onLine: () => void refresh().catch(fail) },
  );
  events.then(
    ({ stderr }) => fail(new Error(`docker events ended: ${stderr.trim()}`)),
    (error: unknown) => fail(error),
  );
  await refresh();

  return {
    status: (service) => find(service)?.status,
    find,
    refresh,
    close: () => ended.abort(),
    until: board.until,
  };
}
