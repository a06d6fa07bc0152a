import { describe, expect, it } from "vitest";
import type { UnitStatus } from "../engine/native/unit.ts";
import type { Sources } from "../ports/sources.ts";
import { digestSource, digestVariable, listRows, type ProjectListing } from "./project-listing.ts";

const since = "2026-01-01T10:00:00.000Z";

const listing: ProjectListing = {
  bulkhead: "1.0.0",
  asked: "",
  sources: [],
  variables: [],
  controlSocket: "/run/control.sock",
  questions: [],
  services: [
    {
      row: { name: "db", product: "postgres", component: "server", ports: ["127.0.0.1:5432->5432/tcp"] },
      isDone: false,
      readySince: since,
    },
    {
      row: { name: "migrate", product: "airflow", component: "migration", ports: [] },
      isDone: true,
      readySince: null,
    },
  ],
};

function unit(change: Partial<UnitStatus> = {}): UnitStatus {
  return {
    service: "db",
    hash: "h",
    state: "running",
    health: "healthy",
    pid: 7,
    startedAt: since,
    endedAt: undefined,
    exitCode: undefined,
    restarts: 0,
    healthDetail: undefined,
    ...change,
  };
}

describe("listRows", () => {
  it("tells a ready service and a finished one-shot", () => {
    const rows = listRows(listing, [unit()]);
    expect(rows).toMatchObject([
      { name: "db", state: "ready", health: "healthy", pid: 7, exitCode: null, restarts: 0 },
      { name: "migrate", state: "completed", health: null, pid: null, exitCode: 0 },
    ]);
  });

  it.each([
    ["was started again", unit({ startedAt: "2026-01-01T11:00:00.000Z", restarts: 1 })],
    ["fails its check", unit({ health: "unhealthy" })],
    ["ended", unit({ state: "exited", exitCode: 1 })],
    ["is stopping", unit({ state: "stopping" })],
  ])("tells nothing when a service %s", (_what, status) => {
    expect(listRows(listing, [status])).toBeUndefined();
  });

  it("tells nothing when a unit is missing, unknown, or a one-shot failed later", () => {
    expect(listRows(listing, [])).toBeUndefined();
    expect(listRows(listing, [unit(), unit({ service: "orphan" })])).toBeUndefined();
    const failed = unit({ service: "migrate", state: "exited", exitCode: 1 });
    expect(listRows(listing, [unit(), failed])).toBeUndefined();
  });
});

describe("digestSource", () => {
  const sources = (text: string | undefined): Sources => ({
    read: (path) =>
      text === undefined ? { kind: "missing", path } : { kind: "file", path, bytes: new TextEncoder().encode(text) },
    kindOf: () => "file",
    list: () => [],
  });

  it("tells edits that keep the length, and a file that came or went", () => {
    const digest = digestSource(sources("image: postgres:16\n"), "/p/compose.yaml");
    expect(digestSource(sources("image: postgres:17\n"), "/p/compose.yaml")).not.toBe(digest);
    expect(digestSource(sources("image: postgres:61\n"), "/p/compose.yaml")).not.toBe(digest);
    expect(digestSource(sources("image: postgres:16\n"), "/p/compose.yaml")).toBe(digest);
    expect(digestSource(sources(undefined), "/p/compose.yaml")).toBeNull();
  });
});

describe("digestVariable", () => {
  it("tells values apart without holding them, and an empty one from none", () => {
    expect(digestVariable("secret-1")).not.toBe(digestVariable("secret-2"));
    expect(digestVariable("secret-1")).not.toContain("secret");
    expect(digestVariable("")).not.toBe(digestVariable(undefined));
  });
});
