import { expect, it } from "vitest";
import { hashPassword } from "./airflow-login.ts";

it("hashes a password as werkzeug does", () => {
  // werkzeug.security.generate_password_hash("secret", "pbkdf2:sha256:150000") with the salt "abcdefgh", 3.1.3
  expect(hashPassword("secret", "abcdefgh")).toBe(
    "pbkdf2:sha256:150000$abcdefgh$d76913d238f185808c0aca5591775615c0fd81da9466f2fcf7b4d2b7c1c22440",
  );
});
