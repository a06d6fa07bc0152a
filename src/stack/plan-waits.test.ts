import { describe, expect, it } from "vitest";
import type { Project } from "../compose/project.ts";
import { planWaits, stopOrder, withDependencies, withoutServices } from "./plan-waits.ts";

const completed = { condition: "service_completed_successfully", required: true } as const;
const healthy = { condition: "service_healthy", required: true } as const;
const optional = { condition: "service_started", required: false } as const;

function projectOf(services: Readonly<Record<string, object>>): Project {
  return {
    services: Object.fromEntries(Object.entries(services).map(([name, depends_on]) => [name, { depends_on }])),
  } as unknown as Project;
}

const project = projectOf({
  web: { job: completed, cache: optional },
  job: { db: healthy },
  db: {},
  cache: {},
  other: {},
});

describe("planWaits", () => {
  it("names gates, leaving out what does not take part", () => {
    expect(planWaits(project, "web", new Set(["web", "job", "db"]))).toEqual([{ service: "job", gate: "completed" }]);
    expect(planWaits(project, "job", new Set(["job", "db"]))).toEqual([{ service: "db", gate: "healthy" }]);
  });
});

describe("withDependencies", () => {
  it("takes what named services need, in the project's order", () => {
    expect(withDependencies(project, ["web"])).toEqual(["web", "job", "db", "cache"]);
    expect(withDependencies(project, [])).toEqual(["web", "job", "db", "cache", "other"]);
  });
});

describe("withoutServices", () => {
  it("leaves out what needs a service that is left out, but not what only may use it", () => {
    const all = withDependencies(project, []);
    expect(withoutServices(project, all, ["db"])).toEqual(["cache", "other"]);
    expect(withoutServices(project, all, ["cache"])).toEqual(["web", "job", "db", "other"]);
  });
});

describe("stopOrder", () => {
  it("ends dependents before what they depend on", () => {
    expect(stopOrder(project, ["db", "web", "job", "other"])).toEqual([["web", "other"], ["job"], ["db"]]);
  });

  it("knows what depends on what through a job that does not run", () => {
    expect(stopOrder(project, ["db", "web"])).toEqual([["web"], ["db"]]);
  });
});
