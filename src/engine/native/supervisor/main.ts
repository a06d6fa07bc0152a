import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { claimSupervision } from "./claim.ts";
import { takeLease } from "./lease.ts";
import { protocolVersion, type SupervisorHello } from "./protocol.ts";
import { serveControl, type ControlSocket } from "./serve.ts";
import { statePaths } from "./state-paths.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";
import { defaultTiming } from "./transition.ts";
import { writeJson } from "./unit-store.ts";

/** How long a starting supervisor waits for its predecessor to be gone. */
const claimLimitMs = 10_000;
/** How often the supervisor looks whether its own socket and state are still there. */
const selfCheckMs = 5000;

const { values } = parseArgs({
  options: {
    state: { type: "string" },
    socket: { type: "string" },
    wrapper: { type: "string" },
    version: { type: "string" },
    "first-delay": { type: "string" },
  },
});
const { state: stateDirectory, socket: socketPath, wrapper: wrapperFile, version } = values;
if (stateDirectory === undefined || socketPath === undefined || wrapperFile === undefined || version === undefined) {
  process.stderr.write("usage: supervisor --state DIR --socket PATH --wrapper FILE --version VERSION\n");
  process.exit(64);
}
const firstDelayMs = Number(values["first-delay"] ?? defaultTiming.firstDelayMs);

// Compiled code would grow the process by 10 MiB over a day of health checks and speed up nothing that matters. Set here,
// not on the command line: there a Node version without one of these flags would refuse to start.
for (const flag of ["--no-opt", "--no-maglev", "--no-sparkplug"]) setFlagsFromString(flag);

// Units are sessions of their own and would not notice; neither should we when a terminal closes.
process.on("SIGHUP", () => undefined);
process.umask(0o077);

mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
if (!(await becomeTheOne(stateDirectory, socketPath))) process.exit(0);

const hello: SupervisorHello = {
  version,
  protocol: protocolVersion,
  pid: process.pid,
  startedAt: new Date().toISOString(),
  stateDirectory,
};
writeJson(statePaths(stateDirectory).supervisor, {
  ...hello,
  startTime: takeLease(process.pid)?.startTime,
  socketPath,
});

let control: ControlSocket | undefined = undefined;
const supervisor: Supervisor = createSupervisor({
  stateDirectory,
  wrapper: readFileSync(wrapperFile, "utf8"),
  timing: { ...defaultTiming, firstDelayMs },
  onChange: (status, gone) => control?.notify(status, gone),
});
control = await serveControl({ socketPath, hello, supervisor: () => supervisor, onShutdown: leave });
process.on("SIGTERM", leave);
process.on("SIGINT", leave);
setInterval(() => void checkSelf(control, stateDirectory, socketPath), selfCheckMs);

/** Ends this process; the units stay. */
function leave(): void {
  supervisor.release();
  control?.close();
  process.exit(0);
}

/** False: another supervisor of this project answers. Exits when the holder neither answers nor leaves. */
async function becomeTheOne(state: string, socket: string): Promise<boolean> {
  for (let waited = 0; ; waited += 50) {
    const holder = claimSupervision(statePaths(state).claims);
    if (holder === undefined) return true;
    if (await answers(socket)) return false;
    if (waited >= claimLimitMs) {
      process.stderr.write(`supervisor ${holder.pid} of ${state} is alive but does not answer\n`);
      process.exit(75);
    }
    await sleep(50);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Without its socket nobody can reach this process; without its state directory the project is gone, units and all. */
async function checkSelf(open: ControlSocket, state: string, socket: string): Promise<void> {
  if (!existsSync(state)) {
    await supervisor.stopAll();
    leave();
  } else if (!existsSync(socket)) {
    await open.reopen();
  }
}
