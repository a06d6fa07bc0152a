import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { supplyContext } from "./supply-context.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const io = createNodePorts();

/** A server that follows `primary`, made of a base backup of it as administrators make one. */
export async function startReplica(primary: TestServer): Promise<TestServer> {
  await using temporary = await createTemporaryDirectory();
  const { unitUser: owner } = await supplyContext();
  const cluster = join(temporary.path, "cluster");
  await mkdir(cluster, { mode: 0o700 });
  if (io.host.uid === 0) await chown(cluster, owner.uid, owner.gid);
  const { host, port, user, password } = primary.target;
  const place = [`--host=${host}`, `--port=${port}`, `--username=${user}`, `--pgdata=${cluster}`];
  const manner = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"];
  const { exitCode, stderr } = await io.processes.run({
    argv: [join(primary.clientDirectory, "pg_basebackup"), ...place, ...manner],
    cwd: "/",
    env: { PGPASSWORD: password, LC_ALL: "C.UTF-8" },
    owner,
  });
  if (exitCode !== 0) throw new Error(`pg_basebackup failed: ${stderr}`);
  return await startTestServer(primary.major, { cluster });
}
