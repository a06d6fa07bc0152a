import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { createProofNames, proofIdPattern } from "./proof-names.ts";

it("names differ each time, and their id is found again by its pattern", () => {
  const random = { bytes: (length: number) => randomBytes(length) };
  const [one, two] = [createProofNames(random), createProofNames(random)];
  expect(one.id).toMatch(new RegExp(`^${proofIdPattern}$`));
  expect(new Set([one.id, two.id, one.word, two.word, one.parameter, two.parameter]).size).toBe(6);
  expect(one.metric).toBe(Number(JSON.stringify(one.metric)));
});
