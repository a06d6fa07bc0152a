import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { AccessRow, ServiceRow } from "../../core/result-rows.ts";
import { renderAccessTable } from "./access-table.ts";
import { PLAIN_LOOK } from "./look.ts";
import { renderServiceTable, stateText } from "./service-table.ts";
import { renderTable } from "./table.ts";

const row = (name: string, more: Partial<ServiceRow> = {}): ServiceRow => ({
  name,
  product: "airflow",
  component: name,
  state: "ready",
  health: "healthy",
  pid: 4711,
  exitCode: null,
  ports: [],
  restarts: 0,
  waitingFor: null,
  ...more,
});

const SERVICES = [
  row("postgres", { product: "postgres", component: null, ports: ["127.0.0.1:5433->5432/tcp"] }),
  row("migrate", { state: "completed", exitCode: 0, pid: null }),
  row("scheduler", { health: "unhealthy", restarts: 2 }),
  row("cache", { product: null, component: null, state: "exited", exitCode: 137, pid: null }),
];

describe("renderServiceTable", () => {
  it("lists state, product, ports, pid and restarts in columns", () => {
    expect(renderServiceTable(SERVICES, PLAIN_LOOK)).toMatchInlineSnapshot(`
      "SERVICE    STATE              IS                 PORTS                     PID   RESTARTS
      postgres   ready              postgres           127.0.0.1:5433->5432/tcp  4711
      migrate    completed          airflow migrate
      scheduler  ready (unhealthy)  airflow scheduler                            4711  2
      cache      exited (137)"
    `);
  });

  it("drops the least important columns in a narrow terminal", () => {
    expect(renderServiceTable(SERVICES, { ...PLAIN_LOOK, width: 68 })).toMatchInlineSnapshot(`
      "SERVICE    STATE              PORTS                     RESTARTS
      postgres   ready              127.0.0.1:5433->5432/tcp
      migrate    completed
      scheduler  ready (unhealthy)                            2
      cache      exited (137)"
    `);
  });

  it("colours without changing the columns", () => {
    const coloured = renderServiceTable(SERVICES, { ...PLAIN_LOOK, colour: true });
    expect(coloured).toContain("\u001b[31mexited (137)\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toBe(renderServiceTable(SERVICES, PLAIN_LOOK));
  });

  it("is empty without services", () => {
    expect(renderServiceTable([], PLAIN_LOOK)).toBe("");
  });
});

describe("stateText", () => {
  it.each<[Partial<ServiceRow>, string]>([
    [{ state: "waiting", waitingFor: "postgres (healthy)" }, "waiting for postgres (healthy)"],
    [{ state: "waiting" }, "waiting"],
    [{ state: "exited" }, "exited"],
    [{ state: "exited", exitCode: 1 }, "exited (1)"],
    [{ state: "crash-loop", exitCode: 1 }, "crash loop (1)"],
    [{ state: "running", health: "unhealthy" }, "running (unhealthy)"],
    [{ state: "stopped", health: null }, "stopped"],
  ])("%j is %s", (more, text) => {
    expect(stateText(row("x", more))).toBe(text);
  });
});

describe("renderAccessTable", () => {
  const access: readonly AccessRow[] = [
    {
      service: "postgres",
      kind: "database",
      url: "localhost:5433/airflow",
      user: "airflow",
      passwordIn: "AIRFLOW_DB_PASSWORD in .env",
      open: "bulkhead exec postgres psql -U airflow",
    },
    {
      service: "airflow",
      kind: "ui",
      url: "http://localhost:8080",
      user: "admin",
      passwordIn: "AIRFLOW_ADMIN_PASSWORD in .env",
      open: null,
    },
    { service: "mlflow", kind: "ui", url: "http://localhost:5000", user: null, passwordIn: null, open: null },
  ];

  it("lists user interfaces first", () => {
    expect(renderAccessTable(access, PLAIN_LOOK)).toMatchInlineSnapshot(`
      "SERVICE   ADDRESS                 USER     PASSWORD IN                     OPEN WITH
      airflow   http://localhost:8080   admin    AIRFLOW_ADMIN_PASSWORD in .env
      mlflow    http://localhost:5000
      postgres  localhost:5433/airflow  airflow  AIRFLOW_DB_PASSWORD in .env     bulkhead exec postgres psql -U airflow"
    `);
  });

  it("keeps the commands whole in a narrow terminal", () => {
    expect(renderAccessTable(access, { ...PLAIN_LOOK, width: 90 })).toMatchInlineSnapshot(`
      "SERVICE   ADDRESS                 USER     PASSWORD IN
      airflow   http://localhost:8080   admin    AIRFLOW_ADMIN_PASSWORD in .env
      mlflow    http://localhost:5000
      postgres  localhost:5433/airflow  airflow  AIRFLOW_DB_PASSWORD in .env

      OPEN WITH
        bulkhead exec postgres psql -U airflow"
    `);
  });
});

describe("renderTable", () => {
  it("counts wide characters as two columns and leaves empty columns out", () => {
    const columns = [
      { title: "A", cell: (text: string) => ({ text }) },
      { title: "EMPTY", cell: () => ({ text: "" }) },
      { title: "B", cell: () => ({ text: "x" }) },
    ];
    expect(renderTable(columns, ["日本", "ab"], PLAIN_LOOK)).toBe("A     B\n日本  x\nab    x");
  });
});
