import { expect, it } from "vitest";
import { hideSecrets } from "./hide-secrets.ts";

const line = "a: postgresql://u:first-secret@db:5432/x # PASSWORD=second-secret then";

it("hides every secret of a line", () => {
  expect(hideSecrets(line).text).toBe("a: postgresql://u:***@db:5432/x # PASSWORD=*** then");
});

it.each([
  ["before all secrets", "a:", "a:"],
  ["behind the first one", "db:5432", "db:5432"],
  ["behind all", "then", "then"],
  ["a secret", "first-secret", "***"],
  ["the inside of a secret", "st-sec", "***"],
  ["over a secret", "u:first-secret@db", "u:***@db"],
])("places a range: %s", (_, range, shown) => {
  const { text, place } = hideSecrets(line);
  const start = line.indexOf(range);
  const { from, to } = place(start, start + range.length);
  expect(text.slice(from, to)).toBe(shown);
});
