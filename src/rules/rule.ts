import type { ProductId } from "../catalog/product.ts";
import type { Confidence, Label, Severity } from "../core/finding.ts";
import type { Fix, FixClass } from "../core/fix.ts";
import type { LoadOutcome } from "../compose/load-outcome.ts";
import type { Project } from "../compose/project.ts";
import type { EditKit } from "../edit/edit-kit.ts";
import type { Sources } from "../ports/sources.ts";
import type { Topology } from "../topology/topology.ts";

export type RuleGroup =
  | "databases"
  | "connections"
  | "readiness"
  | "loading"
  | "airflow"
  | "mlflow"
  | "postgres"
  | "images";

/** What a rule looks at. Rules are pure: they read files through `sources` only. */
export interface Subject {
  readonly outcome: LoadOutcome;
  readonly project: Project;
  readonly topology: Topology;
  readonly sources: Sources;
  /** Makes text edits for fixes. */
  readonly edit: EditKit;
  readonly options: JudgeOptions;
}

/** What a judgement depends on besides the files. */
export interface JudgeOptions {
  /** `--same-server`: a second database and role on the server that is there, instead of a server of its own. */
  readonly sameServer: boolean;
  /** `--to-server`: the service of that server; one that is there gets a database and a role. */
  readonly toServer?: string | undefined;
  /** `--app`: who leaves a shared database; otherwise the one it is not named after. */
  readonly leaves?: ProductId | undefined;
  /** The day of the check, `YYYY-MM-DD`: what has ended by then. */
  readonly today: string;
}

/** A fault as a rule tells it; what is left out comes from the rule. */
export interface Fault {
  readonly judgement?: "fault";
  readonly message: string;
  readonly labels: readonly [Label, ...Label[]];
  readonly also?: readonly Label[];
  readonly services: readonly string[];
  readonly evidence: readonly string[];
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly effective?: string;
  readonly consequence?: string;
  readonly notes?: readonly string[];
  /** Called only where a fix is shown or applied; undefined: none fits here. */
  readonly fix?: () => Fix | undefined;
  /**
   * What the fault is about, as keys that other rules use for the same thing: `connection mlflow metadata`,
   * `service airflow-init`, `variable POSTGRES_PASSWORD`. A fault is left out when a rule named in its rule's `hiddenBy`
   * tells a fault about one of the same things.
   */
  readonly about?: readonly string[];
}

/** What a rule could not judge, and why. Said once a place, never more than a remark. */
export interface Unknown {
  readonly judgement: "unknown";
  readonly message: string;
  readonly labels: readonly [Label, ...Label[]];
  readonly services: readonly string[];
  readonly evidence: readonly string[];
  readonly about?: readonly string[];
}

export interface Rule {
  /** Kebab-case, the file's name: `shared-database`. */
  readonly id: string;
  readonly group: RuleGroup;
  /** The usual severity; a fault may say another. */
  readonly severity: Severity;
  /** The class of its fix, when it has one. */
  readonly fix: FixClass | undefined;
  /** One line for lists: what is wrong when it fires. */
  readonly summary: string;
  /** Rules whose faults about the same thing are the cause of this one's. */
  readonly hiddenBy?: readonly string[];
  check(subject: Subject): Iterable<Fault | Unknown>;
}

/** Gives the rule back; the one place where its shape is checked. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
