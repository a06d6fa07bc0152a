import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { planInitVersions } from "./plan-init-versions.ts";
import { renderCompose } from "./render-compose.ts";
import { renderDotenv } from "./render-dotenv.ts";

interface ServiceText {
  readonly image?: string;
  readonly build?: string;
  readonly command?: string | readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: string;
}

const pairs = [
  { airflow: "3.3.2", mlflow: "3.17.2", postgres: "17" },
  { airflow: "2.10.5", mlflow: "3.4.0", postgres: "18" },
  { airflow: "2.6.3", mlflow: "2.7.1", postgres: "13" },
];

function servicesOf(wanted: { airflow?: string; mlflow?: string; postgres?: string }): Record<string, ServiceText> {
  const text = renderCompose(planInitVersions(wanted), { airflow: 8081, mlflow: 5001 });
  return (parse(text, { merge: true }) as { services: Record<string, ServiceText> }).services;
}

describe.each(pairs)("compose.yaml for Airflow $airflow, MLflow $mlflow, PostgreSQL $postgres", (wanted) => {
  const services = servicesOf(wanted);

  it("asks for exactly the variables that .env gives", () => {
    const versions = planInitVersions(wanted);
    const text = renderCompose(versions, { airflow: 8080, mlflow: 5000 });
    const dotenv = renderDotenv(versions, { bytes: (length) => new Uint8Array(length) });
    const asked = new Set([...text.matchAll(/(?<!\$)\$\{(\w+):\?\}/g)].map((match) => match[1]));
    const given = new Set([...dotenv.matchAll(/^(\w+)=/gm)].map((match) => match[1]));
    expect(asked).toEqual(given);
    // Nothing is interpolated in another form, which would become an empty text when missing.
    expect(text.replaceAll(/\$\{\w+:\?\}|\$\$/g, "")).not.toContain("$");
  });

  it("publishes the two UIs on loopback and nothing else", () => {
    const published = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(published.toSorted()).toEqual(["127.0.0.1:5001:5000", "127.0.0.1:8081:8080"]);
  });

  it("gates jobs by a healthy database and components by the finished job", () => {
    const wait = (name: string): unknown => services[name]?.depends_on;
    expect(wait("airflow-migrate")).toEqual({ "airflow-db": { condition: "service_healthy" } });
    const components = Object.keys(services).filter((name) => /^airflow-(?!db|migrate)/.test(name));
    expect(components.length).toBeGreaterThanOrEqual(4);
    const job = (name: string) => (/api-server|webserver/.test(name) ? "airflow-admin" : "airflow-migrate");
    expect(components.map((name) => [name, wait(name)])).toEqual(
      components.map((name) => [name, { [job(name)]: { condition: "service_completed_successfully" } }]),
    );
  });

  it("restarts what runs on and never a job", () => {
    const jobs = Object.keys(services).filter((name) => services[name]?.restart === "no");
    expect(jobs).toEqual([
      "airflow-migrate",
      "airflow-admin",
      ...("mlflow-migrate" in services ? ["mlflow-migrate"] : []),
    ]);
    const running = Object.entries(services).filter(([name]) => !jobs.includes(name));
    expect(running.filter(([, service]) => service.restart !== "unless-stopped")).toEqual([]);
    expect(running.filter(([, service]) => service.healthcheck === undefined)).toEqual([]);
  });

  it("puts no password in a command", () => {
    const commands = Object.values(services).map(({ command }) => JSON.stringify(command ?? ""));
    expect(commands.filter((command) => command.includes("${"))).toEqual([]);
  });

  it("turns telemetry and example DAGs off", () => {
    expect(services["mlflow"]?.environment).toMatchObject({ MLFLOW_DISABLE_TELEMETRY: "true" });
    expect(services["airflow-scheduler"]?.environment).toMatchObject({
      AIRFLOW__CORE__LOAD_EXAMPLES: "false",
      MLFLOW_DISABLE_TELEMETRY: "true",
    });
  });
});

describe("shapes by version", () => {
  it("has api-server and dag-processor from Airflow 3 on", () => {
    const services = servicesOf({ airflow: "3.0.0" });
    expect(services).toHaveProperty("airflow-api-server");
    expect(services).toHaveProperty("airflow-dag-processor");
    expect(services).not.toHaveProperty("airflow-webserver");
    expect(services["airflow-scheduler"]?.environment).toMatchObject({
      AIRFLOW__API__SECRET_KEY: "${AIRFLOW_SECRET_KEY:?}",
      AIRFLOW__API_AUTH__JWT_SECRET: "${AIRFLOW_JWT_SECRET:?}",
    });
  });

  it("has a webserver before Airflow 3", () => {
    const services = servicesOf({ airflow: "2.10.5" });
    expect(services["airflow-webserver"]?.command).toBe("webserver");
    expect(services).not.toHaveProperty("airflow-api-server");
    expect(services).not.toHaveProperty("airflow-dag-processor");
    expect(services["airflow-scheduler"]?.environment).toMatchObject({
      AIRFLOW__WEBSERVER__SECRET_KEY: "${AIRFLOW_SECRET_KEY:?}",
      AIRFLOW__CORE__INTERNAL_API_SECRET_KEY: "${AIRFLOW_SECRET_KEY:?}",
      AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "false",
    });
    expect(services["airflow-scheduler"]?.environment).not.toHaveProperty("AIRFLOW__API_AUTH__JWT_SECRET");
  });

  it("lets an older MLflow server make its own tables", () => {
    const older = servicesOf({ mlflow: "3.13.0" });
    expect(older).not.toHaveProperty("mlflow-migrate");
    expect(older["mlflow"]?.depends_on).toEqual({ "mlflow-db": { condition: "service_healthy" } });
    const newer = servicesOf({ mlflow: "3.14.0" });
    expect(newer["mlflow-migrate"]?.depends_on).toEqual({ "mlflow-db": { condition: "service_healthy" } });
    expect(newer["mlflow"]?.depends_on).toEqual({ "mlflow-migrate": { condition: "service_completed_successfully" } });
  });

  it("names allowed hosts only to a server that knows the flag", () => {
    expect(servicesOf({ mlflow: "3.5.0" })["mlflow"]?.command).toContain("mlflow:*,localhost:*,127.0.0.1:*");
    expect(servicesOf({ mlflow: "3.4.0" })["mlflow"]?.command).not.toContain("--allowed-hosts");
  });

  it("mounts the volume where that PostgreSQL image keeps its data", () => {
    expect(servicesOf({ postgres: "17" })["airflow-db"]?.volumes).toEqual(["airflow-db:/var/lib/postgresql/data"]);
    expect(servicesOf({ postgres: "18" })["airflow-db"]?.volumes).toEqual(["airflow-db:/var/lib/postgresql"]);
  });
});
