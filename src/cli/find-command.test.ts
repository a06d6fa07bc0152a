import { describe, expect, it } from "vitest";
import type { CommandEntry } from "./command-entry.ts";
import { findCommand } from "./find-command.ts";
import { parseHead } from "./parse-command-line.ts";

const COMMANDS = ["up", "down", "db status", "db split"].map((name): CommandEntry => ({
  name,
  summary: "",
  load: () => Promise.reject(new Error("not asked for")),
}));

function find(line: string) {
  const head = parseHead(line.split(" "));
  return findCommand(head.name ?? "", head, COMMANDS);
}

describe("findCommand", () => {
  it("finds a command by one word or by two, with what stands after it", () => {
    expect(find("up -d web")).toMatchObject({ entry: COMMANDS[0], head: { rest: ["-d", "web"] } });
    expect(find("db status postgres --exact")).toMatchObject({
      entry: COMMANDS[2],
      head: { rest: ["postgres", "--exact"] },
    });
  });

  it("takes global flags before, between and after", () => {
    expect(find("-f a.yaml db -f b.yaml --json split -f c.yaml")).toMatchObject({
      entry: COMMANDS[3],
      head: { globals: { file: ["a.yaml", "b.yaml"], json: true }, rest: ["-f", "c.yaml"] },
    });
  });

  it("gives the group where only that is named", () => {
    expect(find("db")).toEqual({ group: "db", entries: COMMANDS.slice(2) });
    expect(find("db --help")).toMatchObject({ group: "db" });
  });

  it.each([
    ["dwon", 'bulkhead has no command "dwon".', "Did you mean bulkhead down?\nbulkhead help"],
    ["dbs", 'bulkhead has no command "dbs".', "Did you mean bulkhead db?\nbulkhead help"],
    ["db-split", 'bulkhead has no command "db-split".', "Did you mean bulkhead db split?\nbulkhead help"],
    ["status", 'bulkhead has no command "status".', "Did you mean bulkhead db status?\nbulkhead help"],
    ["elephant", 'bulkhead has no command "elephant".', "bulkhead help"],
    ["db spilt", 'bulkhead db has no command "spilt".', "Did you mean bulkhead db split?\nbulkhead db --help"],
    ["db elephant", 'bulkhead db has no command "elephant".', "bulkhead db --help"],
    ["db --jsn split", "bulkhead db has no flag --jsn.", "Did you mean --json?\nbulkhead db --help"],
  ])("refuses %s", (line, message, hint) => {
    expect(() => find(line)).toThrowError(expect.objectContaining({ code: "COMMAND_USAGE", message, hint }));
  });
});
