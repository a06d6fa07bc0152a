import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mlflowRequirements } from "../../src/catalog/mlflow/requirements.ts";
import type { ProgressEvent } from "../../src/core/event.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { ensurePythonEnvironment } from "../../src/supply/ensure-python-environment.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import type { PythonEnvironment, PythonRequest, SupplyContext } from "../../src/supply/supply.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import type { TemporaryDirectory } from "../helpers/temporary-directory.ts";

const io = createNodePorts();
const events: ProgressEvent[] = [];
const mlflow: PythonRequest = {
  product: "mlflow",
  version: "3.17.2",
  preferredPython: "3.10",
  supportedPython: ["3.10", "3.11", "3.12"],
  base: mlflowRequirements("3.17.2"),
  extras: ["psycopg2-binary"],
  resolvedAsOf: "2026-10-28",
};

let directory: TemporaryDirectory;
let context: SupplyContext;
let projectLockFile: string;

beforeAll(async () => {
  directory = await createTemporaryDirectory();
  const nobody = io.host.uid === 0 ? await io.host.user("nobody") : undefined;
  context = {
    io,
    cache: join(directory.path, "cache"),
    resources: fileURLToPath(new URL("../../resources", import.meta.url)),
    unitUser: nobody ?? { uid: io.host.uid, gid: io.host.gid },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  };
  projectLockFile = join(directory.path, "bulkhead.lock");
  await prepareCache(context);
});
afterAll(() => directory.remove());

describe("a locked MLflow environment", () => {
  let environment: PythonEnvironment;
  beforeAll(async () => {
    environment = await ensurePythonEnvironment(context, mlflow, { projectLockFile });
  });

  it("runs as the account of the units", async () => {
    expect((await run(environment, ["mlflow", "--version"])).stdout).toContain("version 3.17.2");
  });
});

async function run(
  environment: PythonEnvironment,
  [program, ...args]: [string, ...string[]],
  env: Record<string, string> = {},
) {
  return io.processes.run({
    argv: [join(environment.directory, "bin", program), ...args],
    cwd: "/",
    env: { PATH: `${environment.directory}/bin:/usr/bin:/bin`, LC_ALL: "C.UTF-8", ...env },
    owner: context.unitUser,
  });
}
