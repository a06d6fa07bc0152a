import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, mlflowBuild, processesWith, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const secret = "Zx9-generated-secret-4711";

/** What a login's environment may hold and no container would ever see. */
const foreign = {
  AIRFLOW__CORE__SQL_ALCHEMY_CONN: "sqlite:////foreign",
  AIRFLOW_HOME: "/foreign/airflow",
  MLFLOW_TRACKING_URI: "http://foreign:1",
  PGHOST: "foreign-host",
  PGPASSFILE: "/foreign/pgpass",
  PYTHONPATH: "/foreign/python",
  VIRTUAL_ENV: "/foreign/venv",
  HTTPS_PROXY: "",
  http_proxy: "",
  LD_PRELOAD: "",
  LC_MESSAGES: "foreign",
};

let home: StackHome;
let project: FaultProject;
let output = "";
beforeAll(async () => {
  home = await createStackHome();
  project = await createProject(home, "secrets", {
    ".env": `DB_PASSWORD=${secret}\n`,
    "compose.yaml": `services:
  db:
    image: postgres:17
    environment: {POSTGRES_USER: mlflow, POSTGRES_PASSWORD: "$DB_PASSWORD", POSTGRES_DB: mlflow}
    healthcheck: {test: [CMD, pg_isready, -U, mlflow]}
  app:
    ${mlflowBuild}
    command: [sh, -c, "env; sleep 600; exec mlflow server --backend-store-uri postgresql+psycopg2://mlflow:$DB_PASSWORD@db:5432/mlflow --port 5000"]
    environment: {OWN: "yes"}
    stop_grace_period: 1s
    depends_on: {db: {condition: service_healthy}}
`,
  });
  const left = await project.leaveUp("app", foreign);
  output += left.stdout + left.stderr;
  for (const args of [
    ["up", "--wait-timeout", "3"],
    ["up", "--wait-timeout", "3", "--json"],
    ["up", "--wait-timeout", "3", "--json-events"],
    ["ps", "-a"],
    ["stop", "db"],
    ["up", "db"],
  ]) {
    const result = await project.runWith(foreign, ...args);
    output += result.stdout + result.stderr;
  }
});
afterAll(() => home[Symbol.asyncDispose]());

/** Every regular file below a directory, unit specifications apart: they are 0600 and hold what a container's would. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== "unit.json")
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("secrets", () => {
  it("stand in no output of ours, no argument of a process, no file of ours but the 0600 unit", async () => {
    expect(output).toMatch(/app: .*(starting|waiting)/);
    expect(output).not.toContain(secret);
    const running = processesWith(project.state);
    expect(running.some((one) => one.arguments.includes("/postgres -D"))).toBe(true);
    for (const one of running) expect(one.arguments).not.toContain(secret);
    for (const file of filesBelow(project.state)) {
      // What the application itself says is its own: it was told to print its environment.
      if (file.includes("/volumes/") || file.endsWith("logs/app.log")) continue;
      expect(`${file}: ${readFileSync(file, "latin1").includes(secret)}`).toBe(`${file}: false`);
    }
    expect(statSync(join(project.state, "units/app/unit.json")).mode & 0o077).toBe(0);
    const refused = await project.run("exec", "app", "no-such-program");
    expect(refused.stderr).not.toContain(secret);
  });

  it("config prints what Compose prints, and masks with --redact", async () => {
    expect((await project.run("config")).stdout).toContain(secret);
    const redacted = await project.run("config", "--redact");
    expect(redacted.stdout).not.toContain(secret);
    expect(redacted.stdout).toContain("OWN");
  });
});

describe("a unit's environment", () => {
  it("holds what image and file define, and nothing of the host's own", () => {
    const environments = processesWith(project.state).filter((one) => /bulkhead-unit/.test(one.arguments));
    expect(environments).toHaveLength(2);
    for (const { environment } of environments) {
      const names = environment.map((entry) => entry.split("=")[0] ?? "");
      expect(environment.filter((entry) => /foreign/.test(entry))).toEqual([]);
      expect(names.filter((name) => /proxy|^LD_|^VIRTUAL_ENV|^SUDO|^BULKHEAD_(HOME|CACHE)/i.test(name))).toEqual([]);
      const path = environment.find((entry) => entry.startsWith("PATH=")) ?? "";
      expect(path).toMatch(/\/usr\/bin:\/bin$/);
      expect(path).not.toContain("node_modules");
    }
    const app = readFileSync(join(project.state, "logs/app.log"), "utf8");
    expect(app).toMatch(/^OWN=yes$/m);
    expect(app.match(/^(PG|AIRFLOW|MLFLOW_TRACKING)\w*=/gm)).toBeNull();
    expect(existsSync("/foreign")).toBe(false);
  });
});
