import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ServiceState } from "../core/event.ts";
import type { AccessRow, ProofStep, ServiceRow } from "../core/result-rows.ts";
import { checkJsonSchema } from "../../test/helpers/check-json-schema.ts";
import { checkJson } from "./render/findings/check-json.ts";
import { envelope } from "./envelope.ts";
import type { CheckResult } from "../actions/check.ts";
import type { DbStatusResult } from "../actions/db-status.ts";
import type { WhyResult } from "../actions/why.ts";
import type { DbSplitResult } from "../actions/db-split.ts";
import { splitJson } from "./render/split-json.ts";
import { dbStatusJson } from "./render/db-status-json.ts";
import { whyJson } from "./render/why-json.ts";
import type { ExplainResult } from "../actions/explain.ts";
import { explainJson } from "./render/explain-json.ts";
import type { DoctorResult } from "../actions/doctor.ts";
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
const SPAN = { file: "/x/compose.yaml", start: 0, end: 3, line: 1, column: 1 };
const FINDING = {
  rule: "unknown-host",
  fingerprint: "0123456789abcdef",
  judgement: "fault",
  severity: "error",
  confidence: "certain",
  message: "x",
  labels: [{ span: SPAN, text: "here" }],
  also: [],
  services: ["app"],
  evidence: ["app"],
  notes: [],
  fix: { class: "safe", title: "y", edits: [{ file: "/x/compose.yaml", start: 0, end: 3, text: "z" }], touches: [] },
} as const;
const CHECK = {
  rules: [],
  projects: [
    {
      name: "x",
      directory: "/x",
      files: ["/x/compose.yaml"],
      findings: [FINDING, { ...FINDING, fix: { class: "behaviour", title: "y", refused: "no" } }],
      ignored: [{ finding: FINDING, reason: "known" }],
      gaps: [{ message: "x", kind: "env-file-missing", data: { path: "/x/.env" }, span: SPAN }],
      errors: [],
    },
  ],
  texts: new Map([["/x/compose.yaml", "db: 1\n"]]),
  exitCode: 2,
} satisfies CheckResult;

const LINK = { step: "dotenv", variable: "X", span: SPAN } as const;
const WHY = {
  name: "db.environment",
  life: {
    path: ["services", "db", "environment"],
    value: "x",
    key: SPAN,
    steps: [{ step: "interpolated", variable: "X", unset: "blank", span: SPAN }, LINK],
    replaced: [LINK],
    parts: [{ text: "x", steps: [LINK] }],
    children: [
      { path: ["services", "db", "environment", "A"], value: 2n, step: LINK },
      { path: ["services", "db", "environment", "B"], value: undefined, step: undefined },
    ],
    secrets: [],
  },
  texts: new Map(),
} satisfies WhyResult;

const RUNS = { schema: "public", name: "runs", owner: "mlflow" } as const;
const SUMMARY = {
  name: "x",
  owner: "mlflow",
  encoding: "UTF8",
  collation: "C.UTF-8",
  allowsConnections: true,
  isTemplate: false,
  bytes: undefined,
  comment: undefined,
} as const;
const STATUS = {
  servers: [{ name: "db", version: 170002, inRecovery: false, closed: ["x_before_split"] }],
  databases: [
    {
      server: "db",
      picture: {
        ...SUMMARY,
        schemas: [{ name: "public", owner: "pg_database_owner" }],
        tables: [
          { ...RUNS, columns: [], indexes: [], constraints: [], bytes: 8192, estimatedRows: 1.5, rows: undefined },
        ],
        views: [RUNS],
        versionTables: [{ ...RUNS, name: "alembic_version", rows: ["a1"], unreadable: undefined }],
        sequences: [{ ...RUNS, ownedBy: undefined }],
        routines: [RUNS],
        triggers: [{ schema: "public", table: "runs", name: "x" }],
        types: [RUNS],
        extensions: [{ name: "hstore", version: "1.8", schema: "public" }],
        largeObjects: 0,
        sessions: [{ pid: 1, role: "mlflow", application: "", address: undefined, state: "idle" }],
        searchedSchemas: [],
      },
      verdict: {
        state: null,
        certain: false,
        isFaulty: true,
        fact: "x",
        because: ["x"],
        printed: undefined,
        next: ["x"],
        shares: [
          {
            owner: "mlflow",
            schema: "public",
            tables: [RUNS],
            isSkeleton: false,
            revision: {
              versionTable: "alembic_version",
              recorded: [],
              fingerprint: undefined,
              alsoFits: ["a1"],
              outOfOrder: ["a1"],
              release: undefined,
            },
          },
        ],
        strangers: [{ schema: "public", name: "studies", tells: "Optuna" }],
        refusal: undefined,
      },
    },
  ],
  failures: [],
  exitCode: 1,
} satisfies DbStatusResult;

const SPLIT = {
  did: "split",
  database: "shared",
  summary: {
    database: "shared",
    keptAs: "shared_before_split",
    dump: null,
    bytes: 1,
    diskBytes: 2,
    seconds: 1,
    sides: [
      {
        part: "mlflow",
        stays: false,
        database: "mlflow",
        service: null,
        role: "mlflow",
        tables: 1,
        bytes: 1,
        isSkeleton: false,
        revisions: [{ table: "public.alembic_version", revision: "7f2a7d5fae7d", evidence: "x" }],
      },
    ],
    strangers: [{ name: "table public.x", side: null }],
    largeObjects: 0,
    warnings: [{ message: "x", hint: "y" }],
  },
  steps: [{ id: "swap-in", kind: "swap-in", args: {}, after: [], title: "x" }],
  outcomes: [{ part: "mlflow", database: "mlflow", revision: undefined, tables: 1, rows: 1 }],
  lost: [{ part: "mlflow", database: "mlflow", tables: [{ table: "public.runs", rows: 1 }] }],
  because: ["x"],
} satisfies DbSplitResult;

const EVIDENCE = { log: "x.log", service: "app", time: 0, offset: 0, line: "x", block: ["x"] };
const SYMPTOM = { signature: "role-missing", services: ["app"], what: "x", count: 1, evidence: [EVIDENCE] } as const;
const EXPLANATION = {
  project: undefined,
  logs: ["x.log"],
  causes: [
    {
      ...SYMPTOM,
      group: "network",
      confidence: "likely",
      why: "x",
      cure: [{ say: "x", run: "y" }, { say: "x" }],
      names: {},
      part: "user",
      sources: ["x"],
      consequences: [SYMPTOM],
      labels: [{ span: SPAN, text: "here" }],
    },
  ],
  unexplained: [SYMPTOM],
  over: [SYMPTOM],
  noise: [SYMPTOM],
  unknownErrors: [{ ...EVIDENCE, service: undefined, time: undefined }],
  texts: new Map([["/x/compose.yaml", "db: 1\n"]]),
  exitCode: 1,
} satisfies ExplainResult;

const ROW = { id: "disk", title: "Disk", scope: "host", fact: "x" } as const;
const DOCTOR = {
  project: undefined,
  engine: undefined,
  rows: [
    { ...ROW, subject: "/x", outcome: "fail", cure: "df -h /x" },
    { ...ROW, subject: undefined, outcome: "ok" },
  ],
  fixed: [{ id: "logins", subject: "a", title: "b", failure: undefined }],
  exitCode: 1,
} satisfies DoctorResult;

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
  check: checkJson(CHECK),
  why: whyJson(WHY),
  "db status": dbStatusJson(STATUS),
  explain: explainJson(EXPLANATION),
  doctor: doctorJson(DOCTOR),
  "db split": splitJson(SPLIT),
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
