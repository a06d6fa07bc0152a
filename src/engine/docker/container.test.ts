import { describe, expect, it } from "vitest";

import { parseContainers } from "./container.ts";

const never = "0001-01-01T00:00:00Z";

function lastRunOf(state: object, more: object = {}): string | undefined {
  const text = JSON.stringify([
    {
      Id: "1",
      Name: "/p-job-1",
      Created: "2026-01-01T12:00:00Z",
      State: { Status: "exited", Pid: 0, ExitCode: 1, StartedAt: never, FinishedAt: never, ...state },
      Config: {},
      ...more,
    },
  ]);
  const from = parseContainers(text)[0]?.lastRunFrom;
  return from === undefined ? undefined : new Date(from).toISOString();
}

describe("the lines of a container's last run", () => {
  // As 20.10 wrote it for `echo first`: the line has the time .869034674, and StartedAt is .870717613.
  const short = { StartedAt: "2026-01-01T12:00:00.870717613Z", FinishedAt: "2026-01-01T12:00:00.87723597Z" };

  it("begin at the container's making, before the start that the engine wrote down", () => {
    expect(lastRunOf(short)).toBe("2026-01-01T12:00:00.000Z");
  });

  it("of one that was made long before begin shortly before that start", () => {
    const later = { StartedAt: "2026-01-01T14:00:00.5Z", FinishedAt: "2026-01-01T14:00:00.4Z" };
    expect(lastRunOf(later)).toBe("2026-01-01T13:59:50.500Z");
  });

  it("of one that runs again begin when the run before ended", () => {
    const again = {
      Status: "running",
      Pid: 7,
      StartedAt: "2026-01-01T14:00:00.5Z",
      FinishedAt: "2026-01-01T13:59:58Z",
    };
    expect(lastRunOf(again)).toBe("2026-01-01T13:59:58.000Z");
    expect(lastRunOf({ ...again, FinishedAt: never })).toBe("2026-01-01T13:59:50.500Z");
  });

  it("are all where a restart policy ended runs, or none began", () => {
    expect(lastRunOf(short, { RestartCount: 2 })).toBeUndefined();
    expect(lastRunOf({ Status: "created" })).toBeUndefined();
  });
});
