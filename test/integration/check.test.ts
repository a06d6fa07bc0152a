import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { createProject, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const database = `
  db:
    image: postgres:17
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: "\${DB_PASSWORD}" }
    volumes: ["data:/var/lib/postgresql/data"]
    healthcheck: { test: [CMD, pg_isready, -h, 127.0.0.1, -U, app], interval: 5s }
`;
const volumes = "volumes: { data: }\n";
const sound = `services:${database}${volumes}`;
const mlflow = (host: string) => `
  mlflow:
    build:
      context: .
      dockerfile_inline: |
        FROM ghcr.io/mlflow/mlflow:v3.17.2
        RUN pip install psycopg2-binary==2.9.13
    command: mlflow server --host 0.0.0.0 --artifacts-destination /artifacts
    environment:
      MLFLOW_BACKEND_STORE_URI: postgresql+psycopg2://app:\${DB_PASSWORD}@${host}:5432/app
    volumes: ["artifacts:/artifacts"]
    depends_on: { db: { condition: service_healthy } }
`;
/** One error (the host), nothing else. */
const faulty = `services:${database}${mlflow("dbb")}volumes: { data: , artifacts: }\n`;
const password = "s3cret-of-the-check-tests";
const files = (compose: string) => ({
  "compose.yaml": compose,
  ".env": `DB_PASSWORD=${password}\n`,
  ".gitignore": ".env\n",
});

let home: StackHome;
let project: FaultProject;
beforeAll(async () => {
  home = await createStackHome();
  project = await createProject(home, "faulty", files(faulty));
});
afterAll(() => home[Symbol.asyncDispose]());

describe("bulkhead check", () => {
  it("is silent about a sound project", async () => {
    const calm = await createProject(home, "sound", files(sound));
    expect(await calm.run("check")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("shows a fault with its place, value, consequence and repair; exit 1", async () => {
    const result = await project.run("check");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toBe("");
    expect(result.stdout).toContain("error[unknown-host]");
    expect(result.stdout).toContain("compose.yaml:16:");
    expect(result.stdout).toContain("^^^");
    expect(result.stdout).toContain("postgresql+psycopg2://app:***@dbb:5432/app");
    expect(result.stdout).toContain('could not translate host name "dbb"');
    expect(result.stdout).toMatch(/1 error$/m);
    expect(result.stdout).not.toContain(password);
  });

  it("tells the same in every format, and never the password", async () => {
    const concise = await project.run("check", "--format", "concise");
    expect(concise.stdout).toMatch(/^compose\.yaml:16:\d+: error\[unknown-host\] .*\n$/);

    const github = await project.run("check", "--format", "github");
    expect(github.stdout).toMatch(
      /^::error file=compose\.yaml,line=16,col=\d+,endLine=16,endColumn=\d+,title=bulkhead%3A unknown-host::compose\.yaml:16:\d+: .*\n$/,
    );

    const junit = await project.run("check", "--format", "junit");
    const parse =
      "import sys, xml.etree.ElementTree as e; r = e.fromstring(sys.stdin.read()); s = r[0]; print(r.tag, s.get('tests'), s.get('failures'), s[0].get('name'), s[0][0].tag)";
    expect(spawnSync("python3", ["-c", parse], { input: junit.stdout, encoding: "utf8" }).stdout).toBe(
      "testsuites 1 1 unknown-host failure\n",
    );

    const sarif = JSON.parse((await project.run("check", "--format", "sarif")).stdout) as Sarif;
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ columnKind: "unicodeCodePoints" }] });
    const [run] = sarif.runs;
    const [found] = run?.results ?? [];
    expect(found).toMatchObject({ ruleId: "unknown-host", level: "error", kind: "fail" });
    expect(run?.tool.driver.rules[found?.ruleIndex ?? -1]?.id).toBe("unknown-host");
    const { region, artifactLocation } = found?.locations[0]?.physicalLocation ?? {};
    expect(artifactLocation?.uri).toBe("compose.yaml");
    const bytes = await readFile(join(project.directory, "compose.yaml"));
    const { byteOffset = 0, byteLength = 0 } = region ?? {};
    expect(bytes.subarray(byteOffset, byteOffset + byteLength).toString()).toBe("dbb");

    const json = await project.run("check", "--json");
    expect(json.exitCode).toBe(1);
    expect(checkJsonSchema("check", JSON.parse(json.stdout))).toEqual([]);
    expect((await project.run("check", "--format", "json")).stdout).toBe(json.stdout);
    const { findings } = JSON.parse(json.stdout) as { findings: { fingerprint: string; fix: unknown }[] };
    // A repair is tried for the formats that show one.
    expect(findings[0]?.fix).toMatchObject({ class: "behaviour", refused: null });
    expect(found?.fixes).toHaveLength(1);
    expect(found?.partialFingerprints["bulkhead/v1"]).toBe(findings[0]?.fingerprint);

    for (const { stdout } of [concise, github, junit, json, await project.run("check", "--format", "sarif")]) {
      expect(stdout).not.toContain(password);
    }
  });

  it("lets --fail-on, --rule and --ignore decide", async () => {
    expect((await project.run("check", "--ignore", "unknown-host")).exitCode).toBe(0);
    expect((await project.run("check", "--rule", "shared-database")).exitCode).toBe(0);
    expect((await project.run("check", "--rule", "unknown-host")).exitCode).toBe(1);
    const old = await createProject(home, "old", files(`version: "3.8"\n${sound}`));
    expect((await old.run("check")).exitCode).toBe(0);
    expect((await old.run("check", "--fail-on", "info")).exitCode).toBe(1);
    const unknown = await old.run("check", "--rule", "no-such-rule");
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('There is no rule "no-such-rule"');
  });

  it("leaves out what a comment with a reason ignores, and tells an ignore without use or reason", async () => {
    const place = /( {6}MLFLOW_BACKEND_STORE_URI: .*)/;
    const ignoring = async (name: string, comment: string) =>
      (await createProject(home, name, files(faulty.replace(place, `$1 ${comment}`)))).run(
        "check",
        "--format",
        "concise",
      );
    expect(await ignoring("ignored", "# bulkhead: ignore unknown-host: comes with the next release")).toMatchObject({
      exitCode: 0,
      stdout: "",
    });
    const bare = await ignoring("bare", "# bulkhead: ignore unknown-host");
    expect(bare.exitCode).toBe(1);
    expect(bare.stdout).toContain("[ignore-without-reason]");
    const unused = await ignoring("unused", "# bulkhead: ignore shared-database: no longer true");
    expect(unused.stdout).toContain("[unused-ignore]");
  });

  it("leaves out what a baseline lists, and tells what is new", async () => {
    const own = await createProject(home, "baseline", files(faulty));
    expect((await own.run("check", "--baseline", "none.json")).exitCode).toBe(2);
    expect(await own.run("check", "--write-baseline", "known.json")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await own.run("check", "--baseline", "known.json")).toMatchObject({ exitCode: 0, stdout: "" });
    // Lines that move and words that change do not make a finding new; another host does.
    await own.write("compose.yaml", `# moved\n\n${faulty}`);
    expect((await own.run("check", "--baseline", "known.json")).exitCode).toBe(0);
    await own.write("compose.yaml", faulty.replace("@dbb:", "@dbbb:"));
    expect((await own.run("check", "--baseline", "known.json")).exitCode).toBe(1);
  });

  it("repairs what is new, and leaves what a baseline lists as it is", async () => {
    const obsolete = `version: "3.8"\nservices:${database}${mlflow("db")}volumes: { data: , artifacts: }\n`;
    const own = await createProject(home, "listed", files(obsolete));
    await own.run("check", "--write-baseline", "known.json");
    const none = await own.run("check", "--fix=behaviour", "--baseline", "known.json");
    expect(none.exitCode === 0 ? "" : none.stdout + none.stderr).toBe("");
    expect(await readFile(join(own.directory, "compose.yaml"), "utf8")).toBe(obsolete);

    const gate = "depends_on: { db: { condition: service_healthy } }";
    await own.write("compose.yaml", obsolete.replace(gate, "depends_on: [db]"));
    await own.run("check", "--fix=behaviour", "--baseline", "known.json");
    const repaired = await readFile(join(own.directory, "compose.yaml"), "utf8");
    expect(repaired).toContain("service_healthy");
    expect(repaired).toContain('version: "3.8"');
  });

  it("explains a rule and lists all, offline", async () => {
    const page = await readFile("docs/rules/unknown-host.md", "utf8");
    expect((await project.run("check", "--explain", "unknown-host")).stdout).toBe(page);
    expect((await project.run("check", "--explain", "nothing")).exitCode).toBe(2);
    const list = await project.run("check", "--list-rules", "--json");
    expect(checkJsonSchema("check", JSON.parse(list.stdout))).toEqual([]);
    expect((await project.run("check", "--list-rules")).stdout).toMatch(/^unknown-host +connections +error /m);
  });

  it("finds the project of a file, of a directory and all below one", async () => {
    const root = join(home.directory, "tree");
    for (const [path, text] of Object.entries({
      ".gitignore": "ignored/\n",
      "one/compose.yaml": faulty,
      "two/docker_compose.yaml": faulty,
      "deep/three/docker-compose.yml": sound,
      "ignored/compose.yaml": faulty,
      "node_modules/four/compose.yaml": faulty,
    })) {
      await mkdir(join(root, path, ".."), { recursive: true });
      await writeFile(join(root, path), text);
      await writeFile(join(root, path, "../.env"), `DB_PASSWORD=${password}\n`);
    }
    await symlink(root, join(root, "deep/loop"));
    const run = async (...args: string[]) => {
      const { stdout } = await home.run(root, "check", "--json", ...args);
      const { projects } = JSON.parse(stdout) as { projects: { files: string[] }[] };
      return projects.map((one) => one.files.map((file) => file.slice(root.length + 1)));
    };
    expect(await run("-r", ".")).toEqual([
      ["deep/three/docker-compose.yml"],
      ["one/compose.yaml"],
      ["two/docker_compose.yaml"],
    ]);
    expect(await run("one", "one/compose.yaml", "deep/three")).toEqual([
      ["one/compose.yaml"],
      ["deep/three/docker-compose.yml"],
    ]);
    const nothing = await home.run(root, "check", "nowhere");
    expect(nothing.exitCode).toBe(2);
    expect(nothing.stderr).toContain("nowhere is neither a Compose file nor a directory");
    await rm(root, { recursive: true });
  });

  it("judges the rest where a part cannot be read, and ends with 2", async () => {
    const partial = faulty.replace("  mlflow:\n", "  mlflow:\n    env_file: missing.env\n");
    const result = await (await createProject(home, "partial", files(partial))).run("check", "--json");
    expect(result.exitCode).toBe(2);
    const { projects, findings } = JSON.parse(result.stdout) as {
      projects: { gaps: { kind: string }[] }[];
      findings: { rule: string }[];
    };
    expect(projects[0]?.gaps.map(({ kind }) => kind)).toEqual(["env-file-missing"]);
    expect(findings.map(({ rule }) => rule)).toContain("unknown-host");
  });

  it("ends with 2 and the place where nothing can be read", async () => {
    const broken = await createProject(home, "broken", "services:\n  db:\n   image: [1\n");
    const result = await broken.run("check");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/compose\.yaml:4:1/);
  });
});

it("up refuses a project that cannot start, with the way on", async () => {
  const refused = await project.run("up", "--json");
  expect(refused.exitCode).toBe(1);
  const { errors } = JSON.parse(refused.stdout) as { errors: { code: string; message: string; hint: string }[] };
  expect(errors[0]).toMatchObject({ code: "CHECK_FAILED" });
  expect(errors[0]?.message).toMatch(/compose\.yaml:16:\d+ .*dbb.* \(unknown-host\)/);
  expect(errors[0]?.hint).toContain("bulkhead up --no-check");
});

it("up tells what hurts later once, and what is new again", async () => {
  const forgetful = sound.replace('    volumes: ["data:/var/lib/postgresql/data"]\n', "");
  const own = await createProject(home, "forgetful", files(forgetful));
  const first = await own.run("up", "--auto-ports");
  expect(first.exitCode === 0 ? "" : first.stderr).toBe("");
  expect(first.stderr).toMatch(/`db`.* lies in no volume .*\n.*bulkhead check/);
  const second = await own.run("up", "--auto-ports");
  expect(second.stderr).not.toContain("bulkhead check");

  const both = forgetful.replace("services:", `services:${database.replace("db:", "other:")}`);
  await own.write("compose.yaml", both.replace('    volumes: ["data:/var/lib/postgresql/data"]\n', ""));
  const third = await own.run("up", "--auto-ports");
  expect(third.stderr).toMatch(/`other`.* lies in no volume .*\n.*bulkhead check/);
});

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleIndex: number;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly byteOffset: number; readonly byteLength: number };
        };
      }[];
      readonly fixes?: readonly unknown[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }[];
}
