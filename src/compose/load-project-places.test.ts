import { describe, expect, it } from "vitest";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import { isToolError } from "../core/tool-error.ts";
import { loadProject } from "./load-project.ts";
import type { LoadRequest } from "./load-request.ts";
import type { Project } from "./project.ts";

function load(files: Readonly<Record<string, string>>, more: Partial<LoadRequest> = {}): Project {
  return loadProject(memorySources(files), requestFor(more));
}

function refusal(files: Readonly<Record<string, string>>, more: Partial<LoadRequest> = {}) {
  try {
    load(files, more);
  } catch (error) {
    if (isToolError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** The text that the links of an origin point at, after their steps. */
function chainOf(files: Readonly<Record<string, string>>, project: Project, path: readonly (string | number)[]) {
  const origin = project.origins.at(path);
  return origin?.chain.map((link) => {
    if (link.span === undefined) return link.step;
    const text = files[link.span.file.replace("/p/", "")] ?? "";
    return `${link.step} ${Buffer.from(text).subarray(link.span.start, link.span.end).toString()}`;
  });
}

describe("origins", () => {
  it("lead from an interpolated value to the line of .env", () => {
    const files = {
      "compose.yaml": 'services:\n  db:\n    image: "größe:${TAG}-x"\n',
      ".env": "# Ä\nTAG='1' # c\n",
    };
    expect(chainOf(files, load(files), ["services", "db", "image"])).toEqual([
      'written "größe:${TAG}-x"',
      "interpolated ${TAG}",
      "dotenv TAG='1'",
    ]);
  });

  it("name the shell when it wins over .env", () => {
    const files = { "compose.yaml": "services:\n  db:\n    image: pg:${TAG}\n", ".env": "TAG=1\n" };
    const project = load(files, { env: { TAG: "2" } });
    expect(project.services["db"]?.image).toBe("pg:2");
    expect(chainOf(files, project, ["services", "db", "image"])?.at(-1)).toBe("shell");
  });

  it("lead through anchors and merge keys, and keep what lost", () => {
    const files = {
      "compose.yaml": [
        "x-a: &a {image: one, restart: always}",
        "services:",
        "  s:",
        "    <<: *a",
        "    image: two",
        "    environment: &e {K: v}",
        "  t:",
        "    image: t",
        "    environment: *e",
        "",
      ].join("\n"),
    };
    const project = load(files);
    expect(chainOf(files, project, ["services", "s", "restart"])).toEqual(
      ["merge-key *a", "anchor *a", "written always"].filter((step) => step !== "anchor *a"),
    );
    expect(project.origins.at(["services", "s", "image"])?.losers).toHaveLength(1);
    expect(chainOf(files, project, ["services", "t", "environment"])?.[0]).toBe("anchor *e");
  });

  it("tell which file overrode a value", () => {
    const files = {
      "compose.yaml": "services:\n  s:\n    image: one\n    environment: [A=1, B=1]\n",
      "compose.override.yaml": "services:\n  s:\n    image: two\n    environment: {A: 2}\n",
    };
    const project = load(files);
    expect(chainOf(files, project, ["services", "s", "image"])).toEqual(["override two"]);
    expect(chainOf(files, project, ["services", "s", "environment", "A"])).toEqual(["override 2"]);
    expect(project.origins.at(["services", "s", "environment", "A"])?.losers[0]?.chain[0]?.span?.file).toBe(
      "/p/compose.yaml",
    );
  });

  it("cover env files, defaults, short forms and disabled services", () => {
    const files = {
      "compose.yaml":
        "services:\n  s:\n    image: a\n    env_file: e.env\n    ports: ['8080:80']\n  off:\n    image: b\n    profiles: [x]\n",
      "e.env": "FROM_FILE=1\n",
    };
    const project = load(files);
    expect(project.services["s"]?.environment).toEqual({ FROM_FILE: "1" });
    expect(chainOf(files, project, ["services", "s", "environment", "FROM_FILE"])).toEqual(["env-file FROM_FILE=1"]);
    expect(chainOf(files, project, ["services", "s", "ports", 0, "published"])).toEqual(["written '8080:80'"]);
    expect(chainOf(files, project, ["services", "s", "networks"])).toEqual(["default"]);
    expect(chainOf(files, project, ["services", "off", "image"])).toEqual(["written b"]);
    expect(project.origins.at(["services", "nobody"])).toBeUndefined();
  });

  it("are true in a file with a byte order mark and CRLF", () => {
    const files = { "compose.yaml": "\uFEFF# Größe 😀\r\nservices:\r\n  s:\r\n    image: ünï\r\n" };
    const project = load(files);
    expect(chainOf(files, project, ["services", "s", "image"])).toEqual(["written ünï"]);
    expect(project.origins.at(["services", "s", "image"])?.chain[0]?.span).toMatchObject({ line: 4, column: 12 });
  });
});

describe("warnings", () => {
  it("name blank variables, `version` and deprecated forms with their places", () => {
    const project = load({
      "compose.yaml": 'version: "3"\nservices:\n  s:\n    image: pg:${NOPE}\n    tty: ${Y}\n',
      ".env": "Y=yes\n",
    });
    expect(project.warnings.map(({ message, span }) => [message, span?.line])).toEqual([
      ["the variable NOPE is not set; it becomes a blank string", 4],
      ['"yes" is no YAML 1.2 boolean; write true', 5],
      ["the attribute `version` is obsolete and ignored", 1],
    ]);
  });

  it("say which of several files is used", () => {
    const text = "services:\n  s:\n    image: a\n";
    const project = load({ "compose.yaml": text, "docker-compose.yml": text });
    expect(project.files).toEqual(["/p/compose.yaml"]);
    expect(project.warnings[0]?.message).toContain("/p/docker-compose.yml");
  });
});

describe("refusals", () => {
  it("say which names were looked for when there is no file", () => {
    const error = refusal({});
    expect(error.code).toBe("COMPOSE_NOT_FOUND");
    expect(error.message).toContain("compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml");
    expect(error.hint).toContain("bulkhead init");
  });

  it("hold every fault of every file, in order, as data too", () => {
    const error = refusal({
      "compose.yaml": "services:\n  s:\n    imag: a\n    ports: 5\n",
      "compose.override.yaml": "services:\n  s:\n    command: {a: b}\n",
    });
    expect(error.code).toBe("COMPOSE_INVALID");
    expect(error.message.split("\n")).toEqual([
      "/p/compose.override.yaml:3:14: services.s.command must be empty or text or a list, not a mapping",
      '/p/compose.yaml:3:5: unknown key "imag" in services.s; did you mean "image"?',
      "/p/compose.yaml:4:12: services.s.ports must be a list, not an integer",
    ]);
    expect(error.detail["faults"]).toHaveLength(3);
  });

  it.each([
    ["include: [https://example.org/x.git]\nservices: {s: {image: a}}\n", 1, 11],
    ["include:\n  - path: oci://example.org/stack:1\nservices: {s: {image: a}}\n", 2, 11],
    ["services:\n  s:\n    extends: {file: git@example.org:a/b.git, service: x}\n", 3, 21],
  ])("call what lies elsewhere unsupported: %j", (text, line, column) => {
    const error = refusal({ "compose.yaml": text });
    expect(error.code).toBe("COMPOSE_UNSUPPORTED");
    expect(error.message).toMatch(new RegExp(`^/p/compose\\.yaml:${line}:${column}: `));
  });

  it("never repeat a password", () => {
    const texts = [
      "services:\n  s:\n    image: a\n    environment:\n      DSN: postgres://u:hunter2@h/${X/a}\n",
      "services:\n  s:\n    image: a\n    environment:\n      - 'DSN =hunter2'\n",
      'services:\n  s:\n    image: a\n    command: "x --dsn \'hunter2"\n',
    ];
    for (const text of texts) {
      const error = refusal({ "compose.yaml": text });
      expect(`${error.message}${JSON.stringify(error.detail)}`).not.toContain("hunter2");
    }
  });
});

describe("hostile files", () => {
  it("refuse an anchor inside itself", () => {
    expect(refusal({ "compose.yaml": "x-a: &a [*a]\nservices: {s: {image: a}}\n" }).message).toContain(
      "contains itself",
    );
  });

  it("refuse aliases that unfold without end", () => {
    const levels = Array.from({ length: 12 }, (_, at) => `x-${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(10)}]`);
    const text = `x-0: &l0 [a, b]\n${levels.join("\n")}\nservices: {s: {image: a}}\n`;
    expect(refusal({ "compose.yaml": text }).message).toMatch(/unfold|xcessive/);
  });

  it("refuse a file with too many values", () => {
    const text = `services: {s: {image: a}}\nx-list: [${"1,".repeat(100_001)}]\n`;
    expect(refusal({ "compose.yaml": text }).message).toContain("more than 100000 values");
  });

  it.each([300, 3_000, 20_000])("refuse %d nested lists without a stack trace", (depth) => {
    const text = `x-deep: ${"[".repeat(depth)}${"]".repeat(depth)}\nservices: {s: {image: a}}\n`;
    expect(refusal({ "compose.yaml": text }).code).toBe("COMPOSE_INVALID");
  });

  it("keep keys that JavaScript reserves", () => {
    const project = load({
      "compose.yaml": "services:\n  s:\n    image: a\n    environment: {__proto__: x, constructor: y}\n",
    });
    expect(Object.entries(project.services["s"]?.environment ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.keys(load({ "compose.yaml": "services:\n  __proto__: {image: a}\n" }).services)).toEqual([
      "__proto__",
    ]);
  });
});

describe("the Project", () => {
  it("builds in its own directory where the context is blank", () => {
    const project = load({ "compose.yaml": "services: {s: {build: {context: '${NOPE}'}}}\n" });
    expect(project.services["s"]?.build).toMatchObject({ context: "/p", args: {} });
  });

  it("gives mounts absolute targets and splits what natively has no effect into `other`", () => {
    const project = load({
      "compose.yaml": [
        "services:",
        "  s:",
        "    image: a",
        "    labels: {l: 1}",
        "    secrets: [{source: k, target: short}]",
        "    configs: [c]",
        "    volumes: [data:/d]",
        "    x-mine: 1",
        "secrets: {k: {environment: SECRET}}",
        "configs: {c: {file: ./c.txt}}",
        "volumes: {data: {driver: local}}",
        "",
      ].join("\n"),
      ".env": "SECRET=s\n",
    });
    const service = project.services["s"];
    expect(service?.other).toEqual({ labels: { l: "1" } });
    expect(service?.extensions).toEqual({ "x-mine": 1 });
    expect(service?.secrets).toEqual([{ source: "k", target: "/run/secrets/short" }]);
    expect(service?.configs).toEqual([{ source: "c", target: "/c" }]);
    expect(service?.volumes[0]).toEqual({ type: "volume", source: "data", target: "/d", other: { volume: {} } });
    expect(project.secrets["k"]?.value).toBe("s");
    expect(project.configs["c"]?.file).toBe("/p/c.txt");
    expect(project.volumes["data"]).toEqual({ name: "p_data", other: { driver: "local" } });
    expect(project.networks["default"]).toEqual({ name: "p_default", other: { ipam: {} } });
    expect(project.sources).toContainEqual({ path: "/p/.env", found: true });
  });
});
