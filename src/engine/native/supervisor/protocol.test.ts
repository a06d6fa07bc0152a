import { describe, expect, it } from "vitest";
import { isServiceName, lineSplitter, maximumLineBytes, parseRequest, renderLine } from "./protocol.ts";

describe("lineSplitter", () => {
  it("joins chunks and splits lines wherever they are cut", () => {
    const text = renderLine({ a: "ä\nb" }) + "\n" + renderLine({ c: 1 });
    for (let cut = 0; cut <= text.length; cut += 1) {
      const lines: string[] = [];
      const split = lineSplitter((line) => lines.push(line));
      split(text.slice(0, cut));
      split(text.slice(cut));
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ a: "ä\nb" }, { c: 1 }]);
    }
  });

  it("refuses a line without end", () => {
    const split = lineSplitter(() => undefined);
    split("x".repeat(maximumLineBytes));
    expect(() => split("x")).toThrow("line too long");
  });
});

describe("parseRequest", () => {
  it.each([
    ["{", { id: 0, error: "not a JSON object" }],
    ['{"id":1}', { id: 1, error: "unknown request undefined" }],
    ["null", { id: 0, error: "not a JSON object" }],
    ['{"id":2,"op":"stop","service":".."}', { id: 2, error: "stop: no valid service name" }],
    ['{"id":3,"op":"start"}', { id: 3, error: "start: no valid service name" }],
    ['{"id":4,"op":"shutdown","units":"whatever"}', { id: 4, request: { op: "shutdown", units: "keep" } }],
    ['{"id":5,"op":"shutdown","units":"stop"}', { id: 5, request: { op: "shutdown", units: "stop" } }],
    ['{"id":6,"op":"status"}', { id: 6, request: { op: "status" } }],
  ])("%s", (line, expected) => {
    expect(parseRequest(line)).toEqual(expected);
  });
});

it("service names are safe directory names", () => {
  for (const name of ["postgres", "airflow-db.1", "A_b"]) expect(isServiceName(name)).toBe(true);
  for (const name of ["", ".", "..", "a/b", "a b", "a\n"]) expect(isServiceName(name)).toBe(false);
});
