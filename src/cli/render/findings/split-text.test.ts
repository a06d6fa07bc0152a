import { expect, it } from "vitest";
import { createSourceText } from "../../../compose/source-text.ts";
import { PLAIN_LOOK } from "../look.ts";
import { renderFrames } from "./frame.ts";
import { placeRegion } from "./place-region.ts";
import { splitText } from "./split-text.ts";

it("keeps apart the texts that are asked for in turn", () => {
  const texts = ["a\nb", "a\nc", "a\nb"];
  expect(texts.map((text) => splitText(text).lines)).toEqual([
    ["a", "b"],
    ["a", "c"],
    ["a", "b"],
  ]);
});

it("shows tens of thousands of places in one file without reading it for each", () => {
  const count = 40_000;
  const text = `x:\n${Array.from({ length: count }, (_, at) => ` - *a${at}\n`).join("")}`;
  const file = "/p/compose.yaml";
  const source = createSourceText(file, text);
  const facts = {
    texts: new Map([[file, text]]),
    place: () => "compose.yaml",
    style: "red" as const,
    look: PLAIN_LOOK,
  };
  const before = process.cpuUsage().user;
  let start = 0;
  for (let at = 0; at < count; at += 1) {
    start = text.indexOf("*", start + 1);
    const span = source.span(start, text.indexOf("\n", start));
    expect(placeRegion(span, text).startLine).toBe(at + 2);
    expect(renderFrames([{ span, text: "unknown" }], facts)[1]).toContain(`*a${at}`);
  }
  expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(15);
});
