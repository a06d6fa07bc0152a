import { describe, expect, it } from "vitest";

import { findSince, parseRunMarks, parseSince } from "./run-marks.ts";

const at = (text: string): number => Date.parse(text);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("parseSince", () => {
  it("reads durations, times and epoch seconds", () => {
    const now = at("2026-01-31T12:00:00Z");
    expect(parseSince("10m", now)).toBe(at("2026-01-31T11:50:00Z"));
    expect(parseSince("1h30m", now)).toBe(at("2026-01-31T10:30:00Z"));
    expect(parseSince("2026-01-31T11:59:00Z", now)).toBe(at("2026-01-31T11:59:00Z"));
    expect(parseSince("1700000000", now)).toBe(1_700_000_000_000);
    expect(parseSince("yesterday", now)).toBeUndefined();
    expect(parseSince("2026-13-45", now)).toBeUndefined();
  });
});

describe("findSince", () => {
  const marks = parseRunMarks(
    "2026-01-01T10:00:00.000Z start - 0\n2026-01-01T10:30:00.000Z exit 1 12\nnoise\n2026-01-01T11:00:00.000Z start - 12\n",
  );
  const after = (log: string, since: string): string => log.slice(findSince(bytes(log), marks, at(since)));

  it("cuts at the first stamp since then", () => {
    const log = "old line 01\n2026-01-01T11:05:00Z a\n  detail\n2026-01-01T11:10:00Z b\nend\n";
    expect(after(log, "2026-01-01T11:08:00Z")).toBe("2026-01-01T11:10:00Z b\nend\n");
    expect(after(log, "2026-01-01T11:05:00Z")).toContain("a\n  detail");
    expect(after(log, "2026-01-01T11:20:00Z")).toBe("");
  });

  it("shows a run without stamps whole when it was still going", () => {
    const log = "old line 01\nnew line\n";
    expect(after(log, "2026-01-01T12:00:00Z")).toBe("new line\n");
    expect(after(log, "2026-01-01T10:45:00Z")).toBe("new line\n");
    expect(after(log, "2026-01-01T10:10:00Z")).toBe(log);
  });

  it("takes an end for its start's, though a coarse clock put it before", () => {
    const short = parseRunMarks("2026-01-01T10:00:00.004Z start - 0\n2026-01-01T10:00:00.001Z exit 0 4\n");
    expect(findSince(bytes("one\n"), short, at("2026-01-01T10:01:00Z"))).toBe(4);
    expect(findSince(bytes("one\n"), short, at("2026-01-01T10:00:00Z"))).toBe(0);
  });

  it("knows nothing of a log without marks but its stamps", () => {
    const log = "2026-01-01T10:00:00Z a\n2026-01-01T11:00:00Z b\n";
    expect(log.slice(findSince(bytes(log), [], at("2026-01-01T10:30:00Z")))).toBe("2026-01-01T11:00:00Z b\n");
  });
});
