import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import { startsAfter, waitsFor } from "./waits-for.ts";

const { project } = topologyOf(`services:
  app: { image: x, depends_on: [proxy] }
  proxy: { image: x, depends_on: { job: { condition: service_completed_successfully } } }
  job: { image: x, depends_on: { db: { condition: service_healthy } } }
  db: { image: x }
  other: { image: x, depends_on: [db] }
`);

describe("waitsFor", () => {
  const isHealthy = (on: string, condition: string) => on === "db" && condition === "service_healthy";
  it("follows what has to start before", () => expect(waitsFor(project, "app", isHealthy)).toBe(true));
  it("does not take a start for health", () => expect(waitsFor(project, "other", isHealthy)).toBe(false));
});

describe("startsAfter", () => {
  it.each([
    ["app", "db", true],
    ["db", "app", false],
    ["other", "job", false],
    ["db", "db", true],
  ])("%s starts after %s: %s", (service, other, expected) =>
    expect(startsAfter(project, service, other)).toBe(expected),
  );
});
