import { describe, expect, it } from "vitest";
import { command as down } from "./commands/down.ts";
import { command as exec } from "./commands/exec.ts";
import { command as init } from "./commands/init.ts";
import { command as logs } from "./commands/logs.ts";
import { command as up } from "./commands/up.ts";
import type { Command } from "./define-command.ts";
import { parseCommand, parseHead } from "./parse-command-line.ts";

const parse = (line: string, command: Command) => parseCommand(parseHead(line.split(" ")), command);

describe("parseCommand", () => {
  it("takes global flags before and after the command's name; lists add up, the later single value counts", () => {
    const { globals, parsed } = parse("-f a.yaml -p one --profile x up -d -f b.yaml -p two --json web", up);
    expect(globals).toMatchObject({ file: ["a.yaml", "b.yaml"], projectName: "two", profile: ["x"], json: true });
    expect(parsed).toMatchObject({ flags: { detach: true }, positionals: ["web"] });
  });

  it("gives a short letter to the command where both have it", () => {
    expect(parse("-f a.yaml logs -f web", logs)).toMatchObject({
      globals: { file: ["a.yaml"] },
      parsed: { flags: { follow: true }, positionals: ["web"] },
    });
    expect(parse("logs --file a.yaml", logs).globals.file).toEqual(["a.yaml"]);
    expect(parse("down -v -t 3", down).parsed.flags).toMatchObject({ volumes: true, timeout: 3 });
  });

  it("passes everything after SERVICE through", () => {
    const { globals, parsed } = parse("exec -T -e A=1 -e B -w /tmp web airflow dags list --json -h", exec);
    expect(globals).toMatchObject({ json: false, help: false });
    expect(parsed.flags).toMatchObject({ noTty: true, env: ["A=1", "B"], workdir: "/tmp" });
    expect(parsed.positionals).toEqual(["web", "airflow", "dags", "list", "--json", "-h"]);
  });

  it("drops one -- between SERVICE and the program", () => {
    expect(parse("exec web -- ls -- x", exec).parsed.positionals).toEqual(["web", "ls", "--", "x"]);
    expect(parse("exec -T -- web ls", exec).parsed.positionals).toEqual(["web", "ls"]);
  });

  it.each([
    ["exec", exec, "bulkhead exec needs SERVICE."],
    ["exec web", exec, "bulkhead exec needs COMMAND."],
    ["down web", down, 'bulkhead down has no use for "web".'],
    ["-p x init", init, "bulkhead init takes no project flags (-f, -p, --profile, --env-file, --project-directory)."],
    ["init -p x", init, "bulkhead init has no flag -p."],
  ])("refuses %s", (line, command, message) => {
    expect(() => parse(line, command)).toThrowError(expect.objectContaining({ code: "COMMAND_USAGE", message }));
  });

  it("asks for no arguments when help is wanted", () => {
    expect(parse("exec --help", exec).globals.help).toBe(true);
  });
});

describe("parseHead", () => {
  it("stops at the command's name", () => {
    expect(parseHead(["--env-file", "x", "exec", "-v"])).toMatchObject({ name: "exec", rest: ["-v"], version: false });
  });

  it("knows --version and -v before it only", () => {
    expect(parseHead(["-v"])).toMatchObject({ version: true, name: undefined });
  });

  it("refuses a command's own flags before its name", () => {
    expect(() => parseHead(["-d", "up"])).toThrowError(
      expect.objectContaining({ message: "bulkhead has no flag -d.", hint: "bulkhead help" }),
    );
  });
});
