import { join } from "node:path";

import { quoteWord } from "../core/quote-word.ts";
import { ToolError } from "../core/tool-error.ts";
import { dataDirectoryIn } from "../engine/docker/container.ts";
import { copyContainerData } from "../engine/docker/copy-container-data.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import { copyDataDirectory } from "./copy-data-directory.ts";
import { dataDirectoryOf } from "./data-directory-of.ts";
import { placeCopy } from "./place-copy.ts";
import type { RunningServer } from "./with-running-servers.ts";

/**
 * Keeps the data directory of a server that does not start as it is, and says so. Gives the copy's path.
 *
 * @param archive absolute path of the backup that it belongs to
 * @throws ToolError POSTGRES_FAILED when it cannot be copied either
 */
export async function copyCold(
  session: NativeSession | DockerSession,
  archive: string,
  { server, failure }: Extract<RunningServer, { readonly access: undefined }>,
): Promise<string> {
  const { service } = server;
  const { files } = session.home.ports;
  try {
    const { copyTo, wayBack } = wayOf(session, server);
    const copy = await placeCopy(files, archive, service, copyTo);
    const major = (await files.readText(join(copy, "PG_VERSION"))).trim();
    session.home.emit({
      type: "warning",
      service,
      message: `${service} does not start, so its data directory was copied as it is: ${copy}`,
      hint: `PostgreSQL ${major} opens it. ${wayBack(copy)}`,
    });
    return copy;
  } catch (error) {
    session.home.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError(
      "POSTGRES_FAILED",
      `${service} does not start (${failure.message.split("\n")[0]}) and its data cannot be copied: ${reason}`,
      {
        hint: "Nothing was removed. To remove the volumes without a backup: bulkhead down -v --no-backup",
        exitCode: 1,
        cause: failure,
      },
    );
  }
}

function wayOf(
  session: NativeSession | DockerSession,
  server: RunningServer["server"],
): { readonly copyTo: (path: string) => Promise<void>; readonly wayBack: (copy: string) => string } {
  const { service } = server;
  if (session.engine === "native") {
    const directory = dataDirectoryOf(session, server) ?? "";
    return {
      copyTo: (path) => copyDataDirectory(session.home.ports.files, directory, path),
      wayBack: () => "To use it, copy it to the service's volume while the project is stopped.",
    };
  }
  const container = session.containers().find((one) => one.service === service);
  if (container === undefined) throw new Error("it has no container");
  const place = quoteWord(`${service}:${dataDirectoryIn(container)}`);
  return {
    copyTo: (path) => copyContainerData(session, container, path),
    wayBack: (copy) =>
      `To use it: docker compose create ${quoteWord(service)} && docker compose cp ${quoteWord(`${copy}/.`)} ${place}`,
  };
}
