import { expect, it } from "vitest";
import { maskPasswords } from "./mask-passwords.ts";

it("masks the password that Airflow's simple auth manager prints, and nothing else", () => {
  expect(maskPasswords("Simple auth manager | Password for user 'admin': Xy7pQ")).toBe(
    "Simple auth manager | Password for user 'admin': ********",
  );
  expect(maskPasswords("the password for user x is wrong")).toBe("the password for user x is wrong");
});
