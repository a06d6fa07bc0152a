import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { ActionContext } from "../actions/context.ts";
import { ToolError } from "../core/tool-error.ts";
import { checkJsonSchema } from "../../test/helpers/check-json-schema.ts";
import { fakeTerminal } from "../../test/helpers/fake-terminal.ts";
import { defineCommand, type CommandContext, type CommandOutcome } from "./define-command.ts";
import { watchInterrupts } from "./interrupts.ts";
import { COMMANDS } from "./registry.gen.ts";
import { runCli } from "./run-cli.ts";

/** Runs a line; `work` stands for a command named `ps`, so that its output is held against that schema. */
async function run(
  line: string,
  options: {
    work?: (context: CommandContext) => Promise<CommandOutcome>;
    columns?: number;
    signals?: EventEmitter;
    leaves?: boolean;
  } = {},
) {
  const terminal = fakeTerminal(options.columns === undefined ? {} : { columns: options.columns, rows: 20 });
  const exits: number[] = [];
  const { work } = options;
  const fake = defineCommand({
    name: "ps",
    order: 1,
    summary: "",
    description: "",
    examples: [],
    positionals: [],
    flags: {},
    onInterrupt: "Stopping.",
    ...(options.leaves === true ? { leavesInterrupts: true } : {}),
    run: (context) => (work === undefined ? Promise.reject(new Error("not called")) : work(context)),
  });
  const code = await runCli(
    line.split(" ").filter((word) => word !== ""),
    {
      version: "1.2.3",
      commands: work === undefined ? COMMANDS : [{ name: "ps", summary: "", load: () => Promise.resolve(fake) }],
      terminal: terminal.terminal,
      watchInterrupts: (listeners) =>
        watchInterrupts(options.signals ?? new EventEmitter(), (exit) => exits.push(exit), listeners),
      openContext: (own) => Promise.resolve({ ...own, version: "1.2.3" } as unknown as ActionContext),
    },
  );
  return { code, exits, screen: terminal.screen, ...terminal.written };
}

const ROW = {
  name: "db",
  product: "postgres",
  component: null,
  state: "ready",
  health: "healthy",
  pid: 1,
  exitCode: null,
  ports: [],
  restarts: 0,
  waitingFor: null,
};

describe("runCli", () => {
  it("prints version and help to stdout without loading ports", async () => {
    expect(await run("--version")).toMatchObject({ code: 0, stdout: "bulkhead 1.2.3\n", stderr: "" });
    expect((await run("")).stdout).toContain("Usage: bulkhead [OPTIONS] COMMAND");
    expect((await run("help up")).stdout).toBe((await run("up --help")).stdout);
    expect((await run("help")).code).toBe(0);
  });

  it("refuses what it does not know with exit 2, on stderr", async () => {
    expect(await run("donw")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: 'error: bulkhead has no command "donw".\n  Did you mean bulkhead down?\n  bulkhead help\n',
    });
    expect(await run("help nothing-like-it")).toMatchObject({ code: 2 });
  });

  it("tells usage errors in the JSON that was asked for", async () => {
    const { code, stdout, stderr } = await run("ps --json --nope");
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(result).toMatchObject({
      schema: 1,
      command: "ps",
      version: "1.2.3",
      ok: false,
      exitCode: 2,
      errors: [{ code: "COMMAND_USAGE", detail: {} }],
    });
    expect(checkJsonSchema("ps", result)).toEqual([]);
  });

  it("prints text for people, or one envelope", async () => {
    const work = async ({ print }: CommandContext) => {
      await print("streamed\n");
      return { exitCode: 0, payload: { services: [ROW] }, text: "table" };
    };
    expect(await run("ps", { work })).toMatchObject({ code: 0, stdout: "streamed\ntable\n", stderr: "" });
    const { stdout } = await run("ps --json", { work });
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      command: "ps",
      version: "1.2.3",
      ok: true,
      exitCode: 0,
      errors: [],
      services: [ROW],
    });
    expect(checkJsonSchema("ps", JSON.parse(stdout))).toEqual([]);
  });

  it("writes events as lines of JSON, the envelope last", async () => {
    const { stdout, stderr } = await run("ps --json-events", {
      work: async ({ action, event }) => {
        action.emit({ type: "service", service: "db", state: "waiting", detail: "x" });
        action.emit({ type: "prepare", subject: "uv", phase: "building" });
        action.emit({ type: "step", id: "login", outcome: "ok", seconds: 0.1, evidence: "" });
        action.emit({ type: "warning", message: "careful", hint: "do" });
        action.emit({ type: "note", message: "chosen", service: "db" });
        await event({ type: "log", service: "db", line: "hello" });
        return { exitCode: 1, payload: { services: [ROW] }, text: "table" };
      },
    });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(stderr).toBe("");
    expect(lines.map(({ type }) => type)).toEqual(["service", "prepare", "step", "warning", "note", "log", "result"]);
    expect(lines.at(-1)).toMatchObject({ type: "result", ok: false, exitCode: 1, services: [ROW] });
    expect(lines.slice(0, -1).flatMap((line) => checkJsonSchema("event", line))).toEqual([]);
    const { time, type, ...envelope } = lines.at(-1) ?? {};
    expect({ time, type }).toEqual({ time: "2026-01-31T12:00:00.000Z", type: "result" });
    expect(checkJsonSchema("ps", envelope)).toEqual([]);
  });

  it("gives an expected failure its own exit code and hint", async () => {
    const work = () =>
      Promise.reject(
        new ToolError("STACK_FAILED", "mlflow exited with 1", { hint: "bulkhead logs mlflow", exitCode: 1 }),
      );
    expect(await run("ps", { work })).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "error: mlflow exited with 1\n  bulkhead logs mlflow\n",
    });
    expect(await run("ps -p x --engine native", { work })).toMatchObject({ code: 1 });
  });

  it("prints failures that came with a result after it", async () => {
    const errors = [{ code: "STACK_FAILED", message: "not ready", hint: null, detail: {} }] as const;
    const work = () => Promise.resolve({ exitCode: 1, payload: { services: [ROW] }, text: "table", errors });
    expect(await run("ps", { work })).toMatchObject({ code: 1, stdout: "table\n", stderr: "error: not ready\n" });
    expect(JSON.parse((await run("ps --json", { work })).stdout)).toMatchObject({ ok: false, errors });
  });

  it("tells a defect from a failure: stack, exit 2, INTERNAL", async () => {
    const work = () => Promise.reject(new TypeError("boom"));
    const text = await run("ps", { work });
    expect(text.code).toBe(2);
    expect(text.stderr).toMatch(/^bug: .*\nbulkhead 1\.2\.3, .*\nTypeError: boom\n {4}at /);
    const { stdout } = await run("ps --json", { work });
    expect(checkJsonSchema("ps", JSON.parse(stdout))).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: "INTERNAL", message: "boom" }] });
  });

  it("shows finished steps on stdout as they finish, and tells the command which", async () => {
    const result = await run("ps", {
      columns: 80,
      work: async ({ action, shownSteps }) => {
        action.emit({ type: "step", id: "login", outcome: "running" });
        action.emit({ type: "step", id: "login", outcome: "ok", seconds: 0.25 });
        return { exitCode: 0, payload: {}, text: [...shownSteps].join() };
      },
    });
    expect(result.stdout.trimEnd().split("\n").at(-1)).toBe("login");
    expect(result.screen.lines()[0]).toContain("login");
    expect(result.screen.lines()).toHaveLength(2);
  });
});

describe("interrupts", () => {
  const waiting =
    (signals: EventEmitter, ...names: string[]) =>
    ({ action }: CommandContext) =>
      new Promise<CommandOutcome>((_, reject) => {
        action.signal.addEventListener("abort", () => setTimeout(() => reject(action.signal.reason as Error), 5));
        for (const name of names) signals.emit(name, name);
      });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"])("aborts at the first %s and ends with 130", async (name) => {
    const signals = new EventEmitter();
    expect(await run("ps", { signals, work: waiting(signals, name) })).toMatchObject({
      code: 130,
      exits: [],
      stderr: "note: Stopping.\nInterrupted.\n",
    });
    expect(signals.eventNames()).toEqual([]);
  });

  it("ends in good order when the reader of stdout goes away, however often that is told", async () => {
    const signals = new EventEmitter();
    const work = waiting(signals, "SIGPIPE", "SIGPIPE");
    expect(await run("ps", { signals, work })).toMatchObject({ code: 130, exits: [], stderr: "note: Stopping.\n" });
  });

  it("leaves at once at the second", async () => {
    const signals = new EventEmitter();
    expect(await run("ps", { signals, work: waiting(signals, "SIGINT", "SIGINT") })).toMatchObject({ exits: [130] });
  });

  it("counts a command that ends in good order as interrupted too, and a failure of its own as that", async () => {
    const signals = new EventEmitter();
    const end = async () => {
      signals.emit("SIGINT", "SIGINT");
      return { exitCode: 0, payload: {} };
    };
    expect(await run("ps", { signals, work: end })).toMatchObject({ code: 130 });
    const fail = async () => {
      signals.emit("SIGINT", "SIGINT");
      throw new ToolError("POSTGRES_FAILED", "cannot stop", { exitCode: 1 });
    };
    expect(await run("ps", { signals, work: fail })).toMatchObject({ code: 1 });
  });

  it("tells an interrupt in JSON", async () => {
    const signals = new EventEmitter();
    const { stdout } = await run("ps --json", { signals, work: waiting(signals, "SIGINT") });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      exitCode: 130,
      errors: [{ code: "INTERRUPTED", detail: { signal: "SIGINT" } }],
    });
  });

  it("leaves Ctrl-C at the terminal to the program that is run", async () => {
    const signals = new EventEmitter();
    const work = async ({ action }: CommandContext) => {
      signals.emit("SIGINT", "SIGINT");
      return { exitCode: action.signal.aborted ? 1 : 7, payload: {} };
    };
    expect(await run("ps", { signals, work, leaves: true, columns: 80 })).toMatchObject({ code: 7 });
    expect(await run("ps", { signals, work, leaves: true })).toMatchObject({ code: 130 });
  });
});
