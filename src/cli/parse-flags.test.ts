import { describe, expect, it } from "vitest";
import { parseFlags } from "./parse-flags.ts";

const TABLE = {
  all: { long: "all", short: "a", type: "boolean", description: "" },
  quiet: { long: "quiet", short: "q", type: "boolean", description: "" },
  file: { long: "file", short: "f", type: "strings", description: "", value: "FILE" },
  tail: { long: "tail", short: "n", type: "integer", description: "" },
  timeout: { long: "timeout", short: "t", type: "seconds", description: "" },
  format: { long: "format", type: "choice", choices: ["table", "json"], description: "" },
} as const;

describe("parseFlags", () => {
  it("gives every flag a value when none is given", () => {
    expect(parseFlags([], TABLE).values).toEqual({
      all: false,
      quiet: false,
      file: [],
      tail: undefined,
      timeout: undefined,
      format: undefined,
    });
  });

  it("understands long, short, grouped and attached forms", () => {
    const { values, positionals } = parseFlags(
      ["-aq", "web", "--file=a.yaml", "-f", "b.yaml", "-n20", "-t", "1.5", "--format", "json"],
      TABLE,
    );
    expect(values).toEqual({
      all: true,
      quiet: true,
      file: ["a.yaml", "b.yaml"],
      tail: 20,
      timeout: 1.5,
      format: "json",
    });
    expect(positionals).toEqual(["web"]);
  });

  it("takes =false for booleans, the later of two, and values that begin with a dash", () => {
    expect(parseFlags(["-a", "--all=false"], TABLE).values.all).toBe(false);
    expect(parseFlags(["-f", "-"], TABLE).values.file).toEqual(["-"]);
    expect(parseFlags(["--file", "--odd"], TABLE).values.file).toEqual(["--odd"]);
  });

  it("ends flags at --", () => {
    expect(parseFlags(["-a", "--", "-q"], TABLE)).toMatchObject({
      values: { all: true, quiet: false },
      positionals: ["-q"],
    });
  });

  it("leaves everything from the first positional on untouched when asked", () => {
    const { values, rest } = parseFlags(["-aq", "-f", "x", "web", "ls", "-q", "--", "-z"], TABLE, {
      stopAtPositional: true,
    });
    expect(values).toMatchObject({ all: true, quiet: true, file: ["x"] });
    expect(rest).toEqual(["web", "ls", "-q", "--", "-z"]);
  });

  it.each([
    [["--al"], "bulkhead ps has no flag --al.", "Did you mean --all?\nbulkhead ps --help"],
    [["--zzzzzz"], "bulkhead ps has no flag --zzzzzz.", "bulkhead ps --help"],
    [["-A"], "bulkhead ps has no flag -A.", "Did you mean --all?\nbulkhead ps --help"],
    [["--f", "x"], "bulkhead ps has no flag --f.", "Did you mean --file?\nbulkhead ps --help"],
    [["--file"], "--file needs a value: --file FILE.", "bulkhead ps --help"],
    [["--all=maybe"], '--all takes no value, but got "maybe".', "bulkhead ps --help"],
    [["-n", "ten"], '--tail takes a whole number, not "ten".', "bulkhead ps --help"],
    [["-t", "-5"], '--timeout takes seconds, not "-5".', "bulkhead ps --help"],
    [["--format", "xml"], '--format takes table or json, not "xml".', "bulkhead ps --help"],
  ])("refuses %j", (args, message, hint) => {
    expect(() => parseFlags(args, TABLE, { command: "ps" })).toThrowError(
      expect.objectContaining({ code: "COMMAND_USAGE", message, hint, exitCode: 2 }),
    );
  });
});
