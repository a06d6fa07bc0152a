import type { CheckResult } from "../../src/actions/check.ts";
import type { DbSplitResult } from "../../src/actions/db-split.ts";
import type { DbStatusResult } from "../../src/actions/db-status.ts";
import type { DoctorResult } from "../../src/actions/doctor.ts";
import type { ExplainResult } from "../../src/actions/explain.ts";
import type { WhyResult } from "../../src/actions/why.ts";

const span = { file: "/x/compose.yaml", start: 0, end: 3, line: 1, column: 1 };
const finding = {
  rule: "unknown-host",
  fingerprint: "0123456789abcdef",
  judgement: "fault",
  severity: "error",
  confidence: "certain",
  message: "x",
  labels: [{ span: span, text: "here" }],
  also: [],
  services: ["app"],
  evidence: ["app"],
  notes: [],
  fix: { class: "safe", title: "y", edits: [{ file: "/x/compose.yaml", start: 0, end: 3, text: "z" }], touches: [] },
} as const;
const check = {
  rules: [],
  projects: [
    {
      name: "x",
      directory: "/x",
      files: ["/x/compose.yaml"],
      findings: [finding, { ...finding, fix: { class: "behaviour", title: "y", refused: "no" } }],
      ignored: [{ finding: finding, reason: "known" }],
      gaps: [{ message: "x", kind: "env-file-missing", data: { path: "/x/.env" }, span: span }],
      errors: [],
    },
  ],
  texts: new Map([["/x/compose.yaml", "db: 1\n"]]),
  exitCode: 2,
} satisfies CheckResult;

const link = { step: "dotenv", variable: "X", span: span } as const;
const why = {
  name: "db.environment",
  life: {
    path: ["services", "db", "environment"],
    value: "x",
    key: span,
    steps: [{ step: "interpolated", variable: "X", unset: "blank", span: span }, link],
    replaced: [link],
    parts: [{ text: "x", steps: [link] }],
    children: [
      { path: ["services", "db", "environment", "A"], value: 2n, step: link },
      { path: ["services", "db", "environment", "B"], value: undefined, step: undefined },
    ],
    secrets: [],
  },
  texts: new Map(),
} satisfies WhyResult;

const runs = { schema: "public", name: "runs", owner: "mlflow" } as const;
const summary = {
  name: "x",
  owner: "mlflow",
  encoding: "UTF8",
  collation: "C.UTF-8",
  allowsConnections: true,
  isTemplate: false,
  bytes: undefined,
  comment: undefined,
} as const;
const dbStatus = {
  servers: [{ name: "db", version: 170002, inRecovery: false, closed: ["x"], kept: ["x_before_split"] }],
  databases: [
    {
      server: "db",
      picture: {
        ...summary,
        schemas: [{ name: "public", owner: "pg_database_owner" }],
        tables: [
          { ...runs, columns: [], indexes: [], constraints: [], bytes: 8192, estimatedRows: 1.5, rows: undefined },
        ],
        views: [runs],
        versionTables: [{ ...runs, name: "alembic_version", rows: ["a1"], unreadable: undefined }],
        sequences: [{ ...runs, ownedBy: undefined }],
        routines: [runs],
        triggers: [{ schema: "public", table: "runs", name: "x" }],
        types: [runs],
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
            tables: [runs],
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

const dbSplit = {
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

const evidence = { log: "x.log", service: "app", time: 0, offset: 0, line: "x", block: ["x"] };
const symptom = { signature: "role-missing", services: ["app"], what: "x", count: 1, evidence: [evidence] } as const;
const explain = {
  project: undefined,
  logs: ["x.log"],
  causes: [
    {
      ...symptom,
      group: "network",
      confidence: "likely",
      why: "x",
      cure: [{ say: "x", run: "y" }, { say: "x" }],
      names: {},
      part: "user",
      sources: ["x"],
      consequences: [symptom],
      labels: [{ span: span, text: "here" }],
    },
  ],
  unexplained: [symptom],
  over: [symptom],
  noise: [symptom],
  unknownErrors: [{ ...evidence, service: undefined, time: undefined }],
  texts: new Map([["/x/compose.yaml", "db: 1\n"]]),
  exitCode: 1,
} satisfies ExplainResult;

const row = { id: "disk", title: "Disk", scope: "host", fact: "x" } as const;
const doctor = {
  project: undefined,
  engine: undefined,
  rows: [
    { ...row, subject: "/x", outcome: "fail", cure: "df -h /x" },
    { ...row, subject: undefined, outcome: "ok" },
  ],
  fixed: [{ id: "logins", subject: "a", title: "b", failure: undefined }],
  exitCode: 1,
} satisfies DoctorResult;

/** A result of every action whose payload a renderer makes, with every kind of value that it may hold. */
export const sampleResults = { check, why, dbStatus, dbSplit, explain, doctor };
