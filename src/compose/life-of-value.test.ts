import { describe, expect, it } from "vitest";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import type { OriginLink } from "../core/origin.ts";
import { findValue } from "./find-value.ts";
import { hideSecretPlaces } from "./hide-secret-places.ts";
import { lifeOfValue } from "./life-of-value.ts";
import { loadProject } from "./load-project.ts";
import type { Project } from "./project.ts";

type Files = Readonly<Record<string, string>>;

function load(files: Files, env: Readonly<Record<string, string>> = {}): Project {
  return loadProject(memorySources(files), requestFor({ env }));
}

/** The life of a value, each link as its step and the text it points at, secrets hidden. */
function life(files: Files, name: string, env: Readonly<Record<string, string>> = {}) {
  const project = load(files, env);
  const found = findValue(project, name);
  if (!("value" in found)) throw new Error(JSON.stringify(found));
  const whole = lifeOfValue(project, found);
  const hidden = (file: string) =>
    Buffer.from(
      hideSecretPlaces(
        files[file] ?? "",
        whole.secrets.filter(({ span }) => span.file === `/p/${file}`),
      ),
    );
  const show = ({ step, span }: OriginLink) =>
    span === undefined
      ? step
      : `${step} ${hidden(span.file.replace("/p/", "")).subarray(span.start, span.end).toString()}`;
  return { ...whole, steps: whole.steps.map(show), replaced: whole.replaced.map(show) };
}

describe("the life of a value", () => {
  it("goes through override, anchor, merge key, extends and variables, with what lost", () => {
    const files = {
      "compose.yaml": [
        "x-env: &env {MODE: dev}",
        "services:",
        "  base: {image: 'a:${TAG}', environment: {MODE: base, LEFT: x}}",
        "  web:",
        "    extends: base",
        "    environment: {<<: *env}",
        "",
      ].join("\n"),
      "compose.override.yaml": "services:\n  web:\n    environment: {MODE: prod}\n",
      ".env": "TAG=1\nTAG=2\n",
    };
    const mode = life(files, "web.environment.MODE");
    expect(mode.steps).toEqual(["override prod"]);
    expect(mode.replaced).toEqual(["written dev", "written base"]);
    expect(life(files, "web.environment.LEFT").steps).toEqual(["extends base", "written x"]);
    const image = life(files, "web.image", { TAG: "3" });
    expect(image.value).toBe("a:3");
    expect(image.steps).toEqual(["extends base", "written 'a:${TAG}'", "interpolated ${TAG}", "shell"]);
    expect(image.replaced).toEqual(["dotenv TAG=2", "dotenv TAG=1"]);
    expect(image.parts.map(({ text }) => text)).toEqual(["a:", "3"]);
  });

  it("tells which env file won and that the service's own value wins over all", () => {
    const files = {
      "compose.yaml": "services:\n  a:\n    image: a\n    env_file: [one.env, two.env]\n    environment: {B: own}\n",
      "one.env": "A=1\nB=1\n",
      "two.env": "A=2\n",
    };
    expect(life(files, "a.environment.A")).toMatchObject({ steps: ["env-file A=2"], replaced: ["env-file A=1"] });
    expect(life(files, "a.environment.B")).toMatchObject({ steps: ["written own"], replaced: ["env-file B=1"] });
  });

  it("shows no secret, wherever its parts were written", () => {
    const files = {
      "compose.yaml": [
        "services:",
        "  a:",
        "    image: a",
        "    environment:",
        "      DSN: pg://u:${PW:-hunter0}@h/d",
        "      DB_PASSWORD: ${PW}${MORE}",
        "      MY_TOKEN: hunter5",
        "",
      ].join("\n"),
      "compose.override.yaml": "services: {a: {environment: [MY_TOKEN=hunter6]}}\n",
      ".env": "PW=hunter1\nPW=hunter2\nMORE='hünter4'\n",
    };
    for (const name of ["a.environment.DSN", "a.environment.DB_PASSWORD", "a.environment.MY_TOKEN", "a.environment"]) {
      const { secrets: _, ...told } = life(files, name, name.endsWith("DSN") ? { PW: "hunter3" } : {});
      expect(JSON.stringify(told)).not.toMatch(/h[uü]nter/);
    }
    expect(life(files, "a.environment.DSN")).toMatchObject({
      value: "pg://u:***@h/d",
      steps: ["written pg://u:${PW:-*******}@h/d", "interpolated ${PW:-*******}", "dotenv PW=*******"],
      replaced: ["dotenv PW=*******"],
    });
  });

  it("of a mapping lists what it holds, with what decided each", () => {
    const files = {
      "compose.yaml": "services:\n  a:\n    image: a\n    env_file: e.env\n    environment: {A: 1}\n",
      "e.env": "B=2\n",
    };
    const { children, value } = life(files, "a.environment");
    expect(value).toBeUndefined();
    expect(children.map((child) => [child.path.at(-1), child.value, child.step?.step])).toEqual([
      ["B", "2", "env-file"],
      ["A", "1", "written"],
    ]);
  });
});

describe("findValue", () => {
  const project = load({
    "compose.yaml": [
      "services:",
      "  a: {image: a, ports: ['1:2'], labels: {a.b: c, a: d}, command: x y}",
      "  a.b: {image: dotted}",
      "  off: {image: o, profiles: [p], labels: {l: m}}",
      "volumes: {v: {}}",
      "",
    ].join("\n"),
  });

  it.each([
    ["a.image", "a"],
    ["a.b.image", "dotted"],
    ["a.labels.a.b", "c"],
    ["a.labels.a", "d"],
    ["a.ports[0].published", "1"],
    ["a.ports.0.target", 2],
    ["a.command[1]", "y"],
    ["off.labels.l", "m"],
    ["volumes.v.name", "p_v"],
  ])("%s is %s", (name, value) => {
    expect(findValue(project, name)).toMatchObject({ value });
  });

  it.each([
    ["nobody.image", "", "nobody.image"],
    ["a.imag", "a", "imag"],
    ["a.ports[7]", "a.ports", "[7]"],
    ["a.image.x", "a.image", "x"],
  ])("%s leads to %j only", (name, reached, wanted) => {
    expect(findValue(project, name)).toMatchObject({ reached, wanted });
  });
});
