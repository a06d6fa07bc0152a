import { expect, it } from "vitest";
import { renderBytes } from "./render-bytes.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [9_900_000, "9.90 MB"],
  [18_700_000, "18.7 MB"],
  [828_000_000, "828 MB"],
  [1_870_000_000, "1.87 GB"],
])("writes %d bytes as %s", (bytes, text) => {
  expect(renderBytes(bytes)).toBe(text);
});
