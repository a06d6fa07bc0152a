import { expect, it } from "vitest";
import { opensFernetToken } from "./opens-fernet-token.ts";

/** github.com/fernet/spec, generate.json. */
const key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const token = "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

it("knows the key a token was signed with", () => {
  expect(opensFernetToken(key, token)).toBe(true);
});

it("refuses another key, a changed token, and what is none", () => {
  expect(opensFernetToken(`A${key.slice(1)}`, token)).toBe(false);
  expect(opensFernetToken(key, token.replace("gAAAAAAd", "gAAAAAAe"))).toBe(false);
  expect(opensFernetToken(key, "plain")).toBe(false);
  expect(opensFernetToken("short", token)).toBe(false);
});
