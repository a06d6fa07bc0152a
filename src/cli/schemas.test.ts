import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ServiceState } from "../core/event.ts";
import type { AccessRow, ProofStep, ServiceRow } from "../core/result-rows.ts";
import { checkJsonSchema } from "../../test/helpers/check-json-schema.ts";
import { sampleResults } from "../../test/helpers/sample-results.ts";
import { checkJson } from "./render/findings/check-json.ts";
import { envelope } from "./envelope.ts";
import { splitJson } from "./render/split-json.ts";
import { dbStatusJson } from "./render/db-status-json.ts";
import { whyJson } from "./render/why-json.ts";
import { explainJson } from "./render/explain-json.ts";
import { doctorJson } from "./render/doctor-json.ts";
import { COMMANDS } from "./registry.gen.ts";

const STATES = {
  preparing: 0,
  waiting: 0,
  starting: 0,
  running: 0,
  ready: 0,
  completed: 0,
  exited: 0,
  "crash-loop": 0,
  stopped: 0,
} satisfies Record<ServiceState, 0>;

const SERVICES = Object.keys(STATES).map((state): ServiceRow => ({
  name: "db",
  product: null,
  component: null,
  state: state as ServiceState,
  health: null,
  pid: null,
  exitCode: 137,
  ports: ["127.0.0.1:1->1/tcp"],
  restarts: 0,
  waitingFor: null,
}));
const ACCESS: readonly AccessRow[] = [
  { service: "db", kind: "database", url: "localhost:1/x", user: null, passwordIn: null, open: null },
];
const STEPS: readonly ProofStep[] = [{ id: "login", ok: null, seconds: 0.5, evidence: "" }];

/** A payload of every command that has one, as its module makes it. */
const PAYLOADS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  init: { directory: "/x", files: ["compose.yaml"], next: ["bulkhead up"] },
  up: { project: "x", engine: "native", services: SERVICES, access: ACCESS },
  down: { stopped: ["db"], removedVolumes: [], backup: null, copies: ["/x.db.data"] },
  "db backup": {
    file: "/x.tar",
    bytes: 1,
    verified: false,
    databases: [
      {
        server: "db",
        name: "airflow",
        apps: [{ id: "airflow", version: "3.3.2" }],
        revisions: ["d2f4e1b3c5a7"],
        tables: 1,
        rows: 1,
        bytes: 1,
      },
    ],
    copies: ["/x.db.data"],
  },
  "db restore": {
    file: "/x.tar",
    created: "2026-11-23T12:00:00.000Z",
    databases: [{ server: "db", name: "airflow", tables: 1, rows: 1, aside: "airflow_before_restore_20261123120000" }],
    roles: ["x"],
  },
  stop: { services: SERVICES },
  restart: { services: SERVICES },
  ps: { services: SERVICES },
  logs: { lines: [{ service: "db", line: "x" }] },
  exec: {},
  prove: { steps: STEPS },
  config: { config: { name: "x" } },
  check: checkJson(sampleResults.check),
  why: whyJson(sampleResults.why),
  "db status": dbStatusJson(sampleResults.dbStatus),
  explain: explainJson(sampleResults.explain),
  doctor: doctorJson(sampleResults.doctor),
  "db split": splitJson(sampleResults.dbSplit),
};

const wrap = (command: string, payload: Readonly<Record<string, unknown>>) =>
  envelope({ command, version: "1.2.3", exitCode: 0, errors: [], payload });

/** `db-split` of `db split`. */
const fileOf = (command: string) => command.replaceAll(" ", "-");

describe("docs/schema", () => {
  it("has a schema for every command", () => {
    const files = readdirSync(new URL("../../docs/schema/", import.meta.url));
    for (const { name } of COMMANDS) expect(files).toContain(`${fileOf(name)}.schema.json`);
    expect(Object.keys(PAYLOADS).toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(PAYLOADS))("describes what %s prints", (command, payload) => {
    expect(checkJsonSchema(fileOf(command), wrap(command, payload))).toEqual([]);
  });

  it("lists exactly the codes of errors and the states", () => {
    const { $defs } = JSON.parse(
      readFileSync(new URL("../../docs/schema/common.schema.json", import.meta.url), "utf8"),
    ) as {
      $defs: { error: { properties: { code: { enum: string[] } } }; state: { enum: string[] } };
    };
    const source = readFileSync(new URL("../core/tool-error.ts", import.meta.url), "utf8");
    const codes = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code]) => code);
    expect($defs.error.properties.code.enum).toEqual([...codes, "INTERNAL"]);
    expect($defs.state.enum).toEqual(Object.keys(STATES));
  });
});

describe("checkJsonSchema", () => {
  it.each<[string, string, unknown, string]>([
    ["a missing payload", "ps", wrap("ps", {}), "$: lacks services"],
    [
      "a wrong state",
      "ps",
      wrap("ps", { services: [{ ...SERVICES[0], state: "up" }] }),
      '$.services[0].state: "up" is not in the list',
    ],
    ["an unknown key", "ps", wrap("ps", { services: [], more: 1 }), "$: more is in no schema"],
    [
      "a wrong type",
      "prove",
      wrap("prove", { steps: [{ ...STEPS[0], seconds: "1" }] }),
      "$.steps[0].seconds: is string, not number",
    ],
    ["another command", "ps", wrap("up", { services: [] }), '$.command: is not "ps"'],
  ])("finds %s", (_, name, value, fault) => {
    expect(checkJsonSchema(name, value)).toContain(fault);
  });
});
