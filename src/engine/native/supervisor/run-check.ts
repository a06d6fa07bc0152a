import { spawn } from "node:child_process";
import { connect } from "node:net";
import type { UnitCheck, UnitSpec } from "../unit.ts";

/** Undefined: healthy. Else one line that says what was wrong. */
export type CheckResult = string | undefined;

/** Asks one health question; never rejects, and ends within `timeoutMs`. `env`: what the unit itself got. */
export function runCheck(
  check: UnitCheck,
  unit: Pick<UnitSpec, "cwd" | "owner">,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<CheckResult> {
  switch (check.test.kind) {
    case "http":
      return askHttp(check.test.url, check.test.expectStatus, check.timeoutMs, signal);
    case "tcp":
      return askTcp(check.test.host, check.test.port, check.timeoutMs, signal);
    case "exec":
      return askProgram(check.test.argv, unit, env, check.timeoutMs, signal);
  }
}

function askTcp(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<CheckResult> {
  return converse(host, port, undefined, () => undefined, timeoutMs, signal);
}

/** A plain HTTP/1.1 GET over node:net: node:http would cost the supervisor several MiB. */
function askHttp(
  url: string,
  expectStatus: readonly number[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: bulkhead\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
  const judge = (answer: string): CheckResult => {
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? Number.NaN);
    if (expectStatus.includes(status)) return undefined;
    return Number.isNaN(status) ? `${url} did not answer in HTTP` : `${url} answered ${status}`;
  };
  return converse(hostname.replace(/^\[|\]$/g, ""), Number(port || 80), request, judge, timeoutMs, signal);
}

/** Connects; without a request that is all, else `judge` sees the answer's first line. */
function converse(
  host: string,
  port: number,
  request: string | undefined,
  judge: (answer: string) => CheckResult,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let answer = "";
    const finish = (result: CheckResult): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => finish("interrupted");
    const timer = setTimeout(() => finish(`${host}:${port} did not answer within ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.setEncoding("latin1");
    socket.on("error", (error: NodeJS.ErrnoException) => finish(`${host}:${port}: ${error.code ?? error.message}`));
    socket.on("connect", () => {
      if (request === undefined) finish(judge(""));
      else socket.write(request);
    });
    socket.on("data", (chunk: string) => {
      answer += chunk;
      if (answer.includes("\r\n")) finish(judge(answer));
    });
    socket.on("close", () => finish(judge(answer)));
  });
}

function askProgram(
  argv: readonly [string, ...string[]],
  unit: Pick<UnitSpec, "cwd" | "owner">,
  env: Readonly<Record<string, string>>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  return new Promise((resolve) => {
    const [program, ...rest] = argv;
    const child = spawn(program, rest, {
      cwd: unit.cwd,
      env: { ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      ...(unit.owner !== undefined && process.getuid?.() === 0 ? unit.owner : {}),
    });
    let output = "";
    const collect = (chunk: string): void => {
      output = (output + chunk).slice(-2000);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", collect);
    let over = "";
    const kill = (reason: string): void => {
      over = reason;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        return;
      }
    };
    const onAbort = (): void => kill("interrupted");
    const timer = setTimeout(() => kill(`${program} took longer than ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    const finish = (result: CheckResult): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    child.once("error", (error) => finish(`${program}: ${error.message}`));
    // "exit", not "close": a grandchild that keeps the pipe open must not hold the answer back.
    child.once("exit", (code, signalName) => {
      if (over !== "") finish(over);
      else if (code === 0) finish(undefined);
      else finish(lastLine(output) ?? `${program} ended with ${code ?? signalName}`);
    });
  });
}

function lastLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
}
