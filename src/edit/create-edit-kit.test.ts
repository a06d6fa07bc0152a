import { inspect, isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { decorate } from "../../test/helpers/decorate-yaml.ts";
import { edited, openKit, type Texts } from "../../test/helpers/edit-project.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import { printDraft } from "../../test/helpers/generated/draft.ts";
import { generateProject } from "../../test/helpers/generated/project.ts";
import { createRandom, type Random } from "../../test/helpers/generated/random.ts";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { loadOutcome } from "../compose/load-outcome.ts";
import type { LoadRequest } from "../compose/load-request.ts";
import type { Project } from "../compose/project.ts";
import { changedPaths } from "../rules/changed-paths.ts";
import type { EditStep } from "./edit-kit.ts";

type Path = readonly string[];

/** An operation with what it means: the value of each path afterwards (undefined: gone), and nothing else changed. */
interface Operation {
  readonly name: string;
  readonly step: EditStep;
  readonly meant: readonly { readonly path: Path; readonly value: unknown }[];
  /** It replaces a whole value, whose comments may go. */
  readonly replaces: boolean;
}

function pickOperation(random: Random, project: Project): Operation {
  const names = Object.keys(project.services);
  const service = random.pick(names);
  const other = random.pick(names);
  const at = (...path: Path): Path => ["services", service, ...path];
  const variable = random.pick(["A", "B", "NEW", "COMMON", "E1"]);
  const text = random.pick(["x", "010", "a: b", "it's", "p#q", " pad ", "{x}", "a,b", "😀", "yes"]);
  const condition = random.pick(["service_started", "service_completed_successfully"] as const);
  const restart = random.pick(["always", "no"]);
  const operations: readonly Operation[] = [
    {
      name: `setEnvironment ${service} ${variable}=${text}`,
      step: (kit) => kit.setEnvironment(service, variable, text),
      meant: [{ path: at("environment", variable), value: text }],
      replaces: false,
    },
    {
      name: `removeEnvironment ${service} ${variable}`,
      step: (kit) => kit.removeEnvironment(service, variable),
      meant: [{ path: at("environment", variable), value: undefined }],
      replaces: true,
    },
    {
      name: `setDependency ${service} ${other} ${condition}`,
      step: (kit) => kit.setDependency(service, other, condition),
      meant: [{ path: at("depends_on", other, "condition"), value: condition }],
      replaces: false,
    },
    {
      name: `setServiceKey ${service} restart ${restart}`,
      step: (kit) => kit.setServiceKey(service, ["restart"], restart),
      meant: [{ path: at("restart"), value: restart }],
      replaces: true,
    },
    {
      name: `setServiceKey ${service} command`,
      step: (kit) => kit.setServiceKey(service, ["command"], ["a", "b c", "$$X"]),
      meant: [{ path: at("command"), value: ["a", "b c", "$X"] }],
      replaces: true,
    },
    {
      name: `setServiceKey ${service} healthcheck.interval`,
      step: (kit) => kit.setServiceKey(service, ["healthcheck", "interval"], "7s"),
      meant: [{ path: at("healthcheck", "interval"), value: "7s" }],
      replaces: false,
    },
    {
      name: "addEntry volumes",
      step: (kit) => kit.addEntry("volumes", "brand-new", null),
      meant: [],
      replaces: false,
    },
    {
      name: `addEntry services behind ${service}`,
      step: (kit) => kit.addEntry("services", "brand-new", { image: "n", init: true }, service),
      meant: [
        { path: ["services", "brand-new", "image"], value: "n" },
        { path: ["services", "brand-new", "init"], value: true },
      ],
      replaces: false,
    },
    {
      name: "setVariable",
      step: (kit) => kit.setVariable("BRAND_NEW", text),
      meant: [],
      replaces: false,
    },
    {
      name: `sequence ${service}`,
      step: (kit) =>
        kit.sequence([
          (next) => next.setEnvironment(service, "ONE", "1"),
          (next) => next.setEnvironment(service, "TWO", "2"),
          (next) => next.addEntry("volumes", "one", null),
          (next) => next.addEntry("volumes", "two", null),
        ]),
      meant: [
        { path: at("environment", "ONE"), value: "1" },
        { path: at("environment", "TWO"), value: "2" },
      ],
      replaces: false,
    },
  ];
  return random.pick(operations);
}

function generate(seed: number): { texts: Texts; request: Partial<LoadRequest>; random: Random } {
  const random = createRandom(seed);
  const draft = generateProject(random);
  const yaml = Object.entries(draft.documents).map(
    ([name, documents]) => [name, decorate(random, documents.map(printDraft).join("---\n"))] as const,
  );
  const lines = Object.entries(draft.lines).map(([name, own]) => [name, `${own.join("\n")}\n`] as const);
  const texts = Object.fromEntries([...yaml, ...lines]);
  // Named in COMPOSE_FILE, which only some of the env files hold.
  const named = Object.keys(draft.documents).filter((name) => !name.includes("/") && !name.startsWith("compose."));
  return { texts, request: { ...draft.request, cwd: "/p", files: named, projectDirectory: undefined }, random };
}

function comments(texts: Texts): readonly string[] {
  return Object.values(texts).flatMap((text) => text.match(/# c\d+/g) ?? []);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** A new dependency brings more than its condition; a new mapping its defaults. */
function isMeant(path: Path, { meant }: Operation, extended: boolean): boolean {
  if (path[0] !== "services") return path[0] === "volumes" || path[0] === "networks";
  return (
    path[1] === "brand-new" ||
    meant.some(({ path: own }) => {
      const depth = own[2] === "depends_on" || own[2] === "healthcheck" || own[2] === "environment" ? 3 : own.length;
      return own.slice(extended ? 2 : 0, depth).every((key, at) => path[at + (extended ? 2 : 0)] === key);
    })
  );
}

/** What is wrong with one random operation on one random project. */
function tryEdit(seed: number): "made" | "refused" | "not tried" | readonly string[] {
  const { texts, request, random } = generate(seed);
  const before = loadOutcome(requestFor(request), memorySources(texts));
  if (before.project === undefined || before.faults.length > 0) return "not tried";
  if (Object.keys(before.project.services).length === 0) return "not tried";
  const operation = pickOperation(random, before.project);
  // There an env file of the project is one of a service too.
  if (operation.name === "setVariable" && (request.envFiles ?? []).length > 0) return "not tried";
  const after = edited(texts, operation.step, request);
  if (after === undefined) return "refused";
  const { project, faults } = loadOutcome(requestFor(request), memorySources(after));
  // Not every dependency makes sense.
  if (faults.some(({ kind }) => kind === "dependency-cycle")) return "made";
  const extended = Object.values(texts).some((text) => text.includes("extends:"));
  const kept = operation.replaces ? [] : comments(texts).filter((comment) => !comments(after).includes(comment));
  const problems = [
    ...faults.map(({ message }) => message),
    ...operation.meant
      // What a base of `extends` says comes through again.
      .filter(({ value }) => value !== undefined || !extended)
      .filter(({ path, value }) => !isDeepStrictEqual(valueAt(project?.model, path), value))
      .map(({ path }) => `${path.join(".")} is ${inspect(valueAt(project?.model, path))}`),
    ...changedPaths(before.project, project)
      .filter((path) => !isMeant(path, operation, extended))
      .map((path) => `${path.join(".")} changed`),
    ...kept.map((comment) => `${comment} is gone`),
  ];
  return problems.length === 0 ? "made" : [`seed ${seed}: ${operation.name}`, ...problems];
}

describe("edits of generated projects", () => {
  it("change the model where they mean to and keep every comment", () => {
    const results = Array.from({ length: 120 }, (_, at) => tryEdit(at + 1));
    expect(results.filter((result) => typeof result !== "string")).toEqual([]);
    const made = results.filter((result) => result === "made").length;
    expect(made).toBeGreaterThan(60);
    expect(results.filter((result) => result === "refused").length).toBeLessThan(made / 4);
  });
});

describe("sequence", () => {
  const texts = { "compose.yaml": "services:\n  s:\n    image: a\n    environment: {A: x}\n" };

  it("lets every step see those before", () => {
    const after = edited(texts, (kit) =>
      kit.sequence([
        (next) => next.addEntry("services", "t", { image: "b" }, "s"),
        (next) => next.setEnvironment("t", "B", "1"),
        (next) => next.setDependency("s", "t", "service_started"),
        (next) => next.removeEnvironment("t", "B"),
        (next) => next.setVariable("V", "1"),
        (next) => next.setVariable("V", "2"),
      ]),
    );
    expect(after).toEqual({
      "compose.yaml":
        "services:\n  s:\n    image: a\n    environment: {A: x}\n    depends_on:\n      - t\n  t:\n    image: b\n",
      ".env": "V=2\n",
    });
  });

  it("moves places of the loaded project with the text", () => {
    const after = edited(texts, (kit) =>
      kit.sequence([
        (next) => next.setServiceKey("s", ["image"], "a-longer-name"),
        (next) => next.replaceSlice(["services", "s", "environment", "A"], 0, 1, "yz"),
      ]),
    );
    expect(after?.["compose.yaml"]).toBe("services:\n  s:\n    image: a-longer-name\n    environment: {A: yz}\n");
  });

  it("refuses as a whole when a step cannot be made, or meets what another changed", () => {
    const refused = edited(texts, (kit) =>
      kit.sequence([(next) => next.setEnvironment("s", "B", "x"), (next) => next.setEnvironment("nobody", "A", "x")]),
    );
    expect(refused).toBeUndefined();
    const clash = edited(texts, (kit) =>
      kit.sequence([
        (next) => next.setEnvironment("s", "A", "x1"),
        (next) => next.replaceSlice(["services", "s", "environment", "A"], 0, 1, "x2"),
      ]),
    );
    expect(clash).toBeUndefined();
  });
});

describe("freeName", () => {
  it("gives the wanted name, or counts on", () => {
    const { kit } = openKit({
      "compose.yaml":
        "services:\n  db: {image: a, hostname: other, profiles: [p]}\n  db-2: {image: a, environment: {X: '${PW:-}'}}\n",
    });
    expect(kit.freeName("services", "db")).toBe("db-3");
    expect(kit.freeName("services", "other")).toBe("other-2");
    expect(kit.freeName("volumes", "db")).toBe("db");
    expect(kit.freeName("variables", "PW")).toBe("PW_2");
    expect(kit.freeName("variables", "P")).toBe("P");
  });
});

describe("newPassword", () => {
  it("is the same for one name, another for the next, and needs no quotes", () => {
    const { kit } = openKit({ "compose.yaml": "services: {s: {image: a}}\n" });
    expect(kit.newPassword("a")).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(kit.newPassword("a")).toBe(kit.newPassword("a"));
  });
});
