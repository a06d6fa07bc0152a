import { describe, expect, it } from "vitest";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import { loadOutcome } from "./load-outcome.ts";
import type { LoadRequest } from "./load-request.ts";

function load(files: Readonly<Record<string, string>>, more: Partial<LoadRequest> = {}) {
  return loadOutcome(requestFor(more), memorySources(files));
}

function facts(files: Readonly<Record<string, string>>, more: Partial<LoadRequest> = {}) {
  return load(files, more).faults.map(({ kind, data, span }) => [kind, data, span?.line]);
}

describe("the faults of an outcome", () => {
  it("are of every stage at once, each with its facts", () => {
    const text = [
      "services:",
      "  web:",
      "    imagge: a",
      "    depends_on: [dbb]",
      "    ports: ['80:x']",
      "    networks: [nett]",
      "  db:",
      "    image: pg:${TAG:?say which}",
      "    env_file: gone.env",
      "    container_name: same",
      "    depends_on: [loop]",
      "  loop:",
      "    image: a",
      "    container_name: same",
      "    depends_on: [db]",
      "    volumes: [date:/d]",
      "  more:",
      "    extends: nobody",
      "volumes: {data: {}}",
      "networks: {net: {}}",
      "",
    ].join("\n");
    expect(facts({ "compose.yaml": text })).toEqual([
      ["schema", { path: ["services", "web", "imagge"], key: "imagge", suggestion: "image" }, 3],
      ["undefined-reference", { what: "service", name: "dbb", service: "web", disabled: false, suggestion: "db" }, 4],
      ["port-invalid", { path: ["services", "web", "ports", "[0]"], text: "80:x" }, 5],
      ["undefined-reference", { what: "network", name: "nett", service: "web", disabled: false, suggestion: "net" }, 6],
      ["interpolation", { path: ["services", "db", "image"], variable: "TAG" }, 8],
      ["env-file-missing", { path: "/p/gone.env", service: "db" }, 9],
      ["duplicate-container-name", { containerName: "same", services: ["db", "loop"] }, 14],
      ["dependency-cycle", { services: ["db", "loop"] }, 15],
      [
        "undefined-reference",
        { what: "volume", name: "date", service: "loop", disabled: false, suggestion: "data" },
        16,
      ],
      ["extends", { service: "more", base: "nobody", file: "/p/compose.yaml" }, 18],
    ]);
  });

  it("do not repeat what only follows from another", () => {
    const outcome = load({
      "compose.yaml": [
        "include: [gone.yaml]",
        "services:",
        "  a:",
        "    image: a",
        "    depends_on: [elsewhere]",
        "    networks: [theirs]",
        "  b: {image: '${TAG:?}'}",
        "",
      ].join("\n"),
    });
    expect(outcome.faults.map(({ kind }) => kind)).toEqual(["include", "interpolation"]);
    expect(outcome.gaps.map(({ kind, hides }) => [kind, hides])).toEqual([["include", ["resources"]]]);
    expect(outcome.project?.services["b"]?.incomplete).toEqual(["image"]);
  });

  it("say that a dependency is only disabled by its profile", () => {
    const text = "services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, profiles: [x, y]}\n";
    expect(facts({ "compose.yaml": text })).toEqual([
      ["undefined-reference", { what: "service", name: "b", service: "a", disabled: true }, 2],
    ]);
    expect(load({ "compose.yaml": text }, { profiles: ["x"] }).faults).toEqual([]);
    expect(load({ "compose.yaml": text }).project?.profiles).toEqual({ active: [], declared: ["x", "y"] });
  });

  it("are none where there are none", () => {
    const outcome = load({ "compose.yaml": "services: {a: {image: a}}\n" });
    expect(outcome).toMatchObject({ faults: [], gaps: [] });
    expect(outcome.project?.services["a"]).not.toHaveProperty("incomplete");
  });
});

describe("the project of an outcome", () => {
  it("keeps what is known of a service whose env_file is missing", () => {
    const { project, gaps } = load({
      "compose.yaml": "services:\n  a:\n    image: a\n    env_file: [one.env, gone.env]\n    environment: {X: 1}\n",
      "one.env": "Y=2\n",
    });
    expect(project?.services["a"]?.environment).toEqual({ X: "1", Y: "2" });
    expect(project?.services["a"]?.incomplete).toEqual(["environment"]);
    expect(gaps).toHaveLength(1);
  });

  it("is there without services that are no services", () => {
    const { project } = load({ "compose.yaml": "services:\n  a: text\n  b: {image: b, depends_on: [a]}\n" });
    expect(Object.keys(project?.services ?? {})).toEqual(["b"]);
  });

  it("knows nothing for sure when the override file is no YAML", () => {
    const { project, gaps } = load({
      "compose.yaml": "services:\n  a: {image: 'a:${NOPE}'}\n",
      "compose.override.yaml": "services: [\n",
    });
    expect(project?.services["a"]?.incomplete).toEqual(["*"]);
    expect(project?.warnings).toEqual([]);
    expect(gaps[0]).toMatchObject({ kind: "syntax", hides: ["everything"] });
  });

  it("is absent when no file is a mapping", () => {
    expect(load({ "compose.yaml": "services: [\n" }).project).toBeUndefined();
    expect(load({ "compose.yaml": "- a\n" })).toMatchObject({ project: undefined, faults: [{ kind: "schema" }] });
  });

  it("passes on to a service what its base could not be read of", () => {
    const { project, gaps } = load({
      "compose.yaml": [
        "services:",
        "  base: {image: a, extends: {file: gone.yaml, service: x}}",
        "  child: {extends: base}",
        "  far: {image: f, extends: {file: 'https://example.org/x.git', service: y}}",
        "",
      ].join("\n"),
    });
    expect(project?.services["child"]).toMatchObject({ image: "a", incomplete: ["*"] });
    expect(project?.services["far"]).toMatchObject({ image: "f", incomplete: ["*"] });
    expect(gaps.map(({ kind }) => kind)).toEqual(["extends", "remote"]);
  });

  it("tells every service that takes a faulty value from one anchor", () => {
    const { project, faults } = load({
      "compose.yaml": [
        "x-env: &env {A: '${A:?}', B: b}",
        "services:",
        "  one: {image: a, environment: *env}",
        "  two: {image: a, environment: *env}",
        "",
      ].join("\n"),
    });
    expect(faults).toHaveLength(1);
    expect(project?.services["one"]).toMatchObject({ environment: { B: "b" }, incomplete: ["environment"] });
    expect(project?.services["two"]?.incomplete).toEqual(["environment"]);
  });
});

describe("what a value was interpolated from", () => {
  it("is told with the variables that were not set", () => {
    const { project } = load({
      "compose.yaml": "services:\n  a:\n    image: ${A}${B:-b}${C}\n    hostname: ${C}\n",
      ".env": "A=1\n",
    });
    const links = project?.origins.at(["services", "a", "image"])?.chain.filter((link) => link.step === "interpolated");
    expect(links?.map(({ variable, unset }) => [variable, unset])).toEqual([
      ["A", undefined],
      ["B", "defaulted"],
      ["C", "blank"],
    ]);
    expect(project?.warnings).toHaveLength(1);
    expect(project?.warnings[0]).toMatchObject({
      kind: "blank-variable",
      data: {
        variable: "C",
        uses: [
          { path: ["services", "a", "image"], span: { line: 3 } },
          { path: ["services", "a", "hostname"], span: { line: 4 } },
        ],
      },
    });
  });
});
