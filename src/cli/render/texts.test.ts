import { describe, expect, it } from "vitest";
import { renderCommandLine } from "./command-line.ts";
import { renderDuration } from "./duration.ts";
import { renderBug, renderError, renderRemark } from "./error-text.ts";
import { logLineRenderer } from "./log-line.ts";
import { lookOf, PLAIN_LOOK } from "./look.ts";
import { renderProofStep, renderProofSummary } from "./proof-lines.ts";
import { oneLine, textWidth, truncate } from "./text-width.ts";

const COLOUR = { ...PLAIN_LOOK, colour: true };

describe("renderDuration", () => {
  it.each([
    [0, "0.0 s"],
    [0.04, "0.0 s"],
    [12.34, "12.3 s"],
    [59.94, "59.9 s"],
    [59.96, "1 min 00 s"],
    [125.4, "2 min 05 s"],
    [-1, "0.0 s"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(renderDuration(seconds)).toBe(text);
  });
});

describe("renderProofStep", () => {
  it("is one line, with the evidence below where it did not succeed", () => {
    const steps = [
      { id: "airflow: DAG run success", ok: true, seconds: 3.2, evidence: "manual__1" },
      { id: "mlflow: artifact bytes equal", ok: false, seconds: 65, evidence: "expected ab12\nfound nothing\n" },
      { id: "airflow: task log readable", ok: null, seconds: 0, evidence: "no credentials are named" },
    ];
    expect(steps.map((step) => renderProofStep(step, PLAIN_LOOK)).join("\n")).toMatchInlineSnapshot(`
      "ok   airflow: DAG run success                             3.2 s
      FAIL mlflow: artifact bytes equal                     1 min 05 s
           expected ab12
           found nothing
      ?    airflow: task log readable                           0.0 s
           no credentials are named"
    `);
    expect(renderProofSummary(steps, false, PLAIN_LOOK)).toBe(
      "Not proven: 1 of 3 steps failed, 1 could not be judged (1 min 08 s).",
    );
    expect(renderProofSummary(steps.slice(0, 1), true, PLAIN_LOOK)).toBe("Proven: 1 step in 3.2 s.");
    expect(renderProofSummary([], true, PLAIN_LOOK)).toMatch(/^Nothing to prove/);
  });
});

describe("renderError", () => {
  it("states the fact, then each line of the hint whole", () => {
    const entry = {
      code: "PORT_TAKEN",
      message: "Port 8080 is taken by nginx (pid 12)",
      hint: "bulkhead up --auto-ports\nkill 12",
    } as const;
    expect(renderError(entry, PLAIN_LOOK)).toBe(
      "error: Port 8080 is taken by nginx (pid 12)\n  bulkhead up --auto-ports\n  kill 12",
    );
    expect(renderError({ ...entry, hint: null }, COLOUR)).toContain("\u001b[31m");
  });

  it("calls an interrupt no error", () => {
    expect(renderError({ code: "INTERRUPTED", message: "Interrupted", hint: null }, PLAIN_LOOK)).toBe("Interrupted");
  });

  it("names the service of a remark", () => {
    expect(renderRemark("warning", { message: "slow", service: "mlflow", hint: "do" }, PLAIN_LOOK)).toBe(
      "warning: mlflow: slow\n  do",
    );
  });

  it("asks to report a defect, with versions and stack", () => {
    const text = renderBug(new TypeError("boom"), { version: "1.2.3", node: "v20", platform: "linux x64" }, PLAIN_LOOK);
    expect(text).toMatch(/^bug: .*report.*\nbulkhead 1\.2\.3, node v20, linux x64\nTypeError: boom\n {4}at /);
  });
});

describe("logLineRenderer", () => {
  it("pads names to the longest known and keeps what the application wrote", () => {
    const render = logLineRenderer(["db", "web"], { prefix: true }, PLAIN_LOOK);
    expect([render("db", "  a\t"), render("web", "b"), render("worker", "c"), render("db", "d")]).toEqual([
      "db  |   a\t",
      "web | b",
      "worker | c",
      "db     | d",
    ]);
  });

  it("gives each service its colour and ends the application's own", () => {
    const render = logLineRenderer(["db", "web"], { prefix: true }, COLOUR);
    expect(render("db", "x")).toBe("\u001b[36mdb  |\u001b[39m x");
    expect(render("web", "\u001b[31mred")).toBe("\u001b[33mweb |\u001b[39m \u001b[31mred\u001b[0m");
  });

  it("passes lines through without prefix", () => {
    expect(logLineRenderer([], { prefix: false }, PLAIN_LOOK)("db", "x")).toBe("x");
  });
});

describe("lookOf", () => {
  const look = (env: Record<string, string>, isTerminal = true, noColor = false) =>
    lookOf({ isTerminal, columns: 80, env, noColor });

  it.each<[string, Record<string, string>, boolean, boolean]>([
    ["a terminal", {}, true, true],
    ["no terminal", {}, false, false],
    ["NO_COLOR", { NO_COLOR: "1" }, true, false],
    ["an empty NO_COLOR", { NO_COLOR: "" }, true, true],
    ["FORCE_COLOR without a terminal", { FORCE_COLOR: "1" }, false, true],
    ["FORCE_COLOR over NO_COLOR", { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, true, false],
    ["a dumb terminal", { TERM: "dumb" }, true, false],
  ])("%s", (_, env, isTerminal, colour) => {
    expect(look(env, isTerminal).colour).toBe(colour);
  });

  it("lets --no-color win, and has no width without a terminal", () => {
    expect(look({ FORCE_COLOR: "1" }, true, true).colour).toBe(false);
    expect(look({}, false).width).toBe(Infinity);
    expect(look({}).width).toBe(80);
  });

  it("keeps to ASCII where the locale or console says so", () => {
    expect(
      [
        look({}),
        look({ LANG: "en_GB.UTF-8" }),
        look({ LC_ALL: "C", LANG: "en_GB.UTF-8" }),
        look({ TERM: "linux" }),
      ].map(({ unicode }) => unicode),
    ).toEqual([true, true, false, false]);
  });
});

describe("text widths", () => {
  it("counts columns, not code units", () => {
    expect(["abc", "日本", "e\u0301", "\u001b[31mred\u001b[39m", "🚀"].map(textWidth)).toEqual([3, 4, 1, 3, 2]);
  });

  it("cuts to columns", () => {
    expect(truncate("abcdef", 4, "…")).toBe("abc…");
    expect(truncate("日本語", 4, "…")).toBe("日…");
    expect(truncate("abc", 3, "…")).toBe("abc");
    expect(truncate("abc", 0, "…")).toBe("");
  });

  it("makes others' text fit for one line", () => {
    expect(oneLine("\u001b[31mError:\u001b[0m a\r\n\tb\u0007 ")).toBe("Error: a b");
  });
});

describe("renderCommandLine", () => {
  it("means the same project, quoted for a shell", () => {
    const project = {
      files: ["my file.yaml"],
      projectName: "p",
      directory: undefined,
      profiles: ["it's"],
      envFiles: [],
      engine: undefined,
    };
    expect(renderCommandLine(project, ["logs", "mlflow"])).toBe(
      `bulkhead -f 'my file.yaml' -p p --profile 'it'\\''s' logs mlflow`,
    );
  });
});
