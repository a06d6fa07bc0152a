import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

/** A release whose packages ship locked. */
const release = { "airflow:2.11.2-python3.12": "airflow:2.7.0" };

it.each(["bad", "bad-one-underscore"])("Airflow prints what ignored-variable announces of %s", async (name) => {
  const { consequences, output } = await provokeStack("ignored-variable", name, {
    edits: release,
    services: ["airflow-migrate"],
  });
  expect(consequences).not.toEqual([]);
  // Natively the image's directories lie below the service's own.
  for (const line of consequences)
    expect(output).toMatch(new RegExp(line.replace("sqlite:///", String.raw`sqlite:///\S*`)));
});
