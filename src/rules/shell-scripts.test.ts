import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import { shellScripts } from "./shell-scripts.ts";

const scripts = (written: string) => {
  const service = topologyOf(`services:\n  app:\n    image: busybox\n${written}`).project.services["app"];
  return service === undefined ? [] : shellScripts("app", service);
};

describe("shellScripts", () => {
  it("finds the script of a command, in text and as a list", () => {
    const expected = [{ script: "a && b", path: ["services", "app", "command", 2], shell: "bash" }];
    expect(scripts(`    command: bash -c "a && b"\n`)).toEqual(expected);
    expect(scripts(`    command: [/bin/bash, -ec, a && b]\n`)).toEqual(expected);
  });

  it("joins entrypoint and command as the container does", () => {
    expect(scripts(`    entrypoint: [sh, -c]\n    command: [a]\n`)).toEqual([
      { script: "a", path: ["services", "app", "command", 0], shell: "sh" },
    ]);
  });

  it("looks behind an init", () => {
    expect(scripts(`    command: [tini, --, bash, -c, a]\n`)).toHaveLength(1);
  });

  it("finds the script of a health check", () => {
    expect(scripts(`    healthcheck: { test: curl -f localhost }\n`)).toEqual([
      { script: "curl -f localhost", path: ["services", "app", "healthcheck", "test", 1], shell: "sh" },
    ]);
    expect(scripts(`    healthcheck: { test: [CMD, sh, -c, a] }\n`)).toEqual([
      { script: "a", path: ["services", "app", "healthcheck", "test", 3], shell: "sh" },
    ]);
  });

  it("finds none where no shell is called", () => {
    expect(scripts(`    command: python -c "print(1)"\n    healthcheck: { test: [CMD, ls] }\n`)).toEqual([]);
    expect(scripts(`    command: bash start.sh\n`)).toEqual([]);
  });
});
