import { expect, it } from "vitest";
import { scramVerifier } from "./scram-verifier.ts";

it("is what PostgreSQL stores", () => {
  // The exchange of RFC 7677, section 3: user, pencil, this salt.
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  const [stored, server] = [
    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=",
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  ];
  expect(scramVerifier("pencil", salt)).toBe(`SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$${stored}:${server}`);
});
