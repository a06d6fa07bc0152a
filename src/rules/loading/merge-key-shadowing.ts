import type { ProductId } from "../../catalog/product.ts";
import { findMergedMap, type MergedMap } from "../find-merged-map.ts";
import { placeLabels } from "../label-place.ts";
import { unmigratedLine } from "../unmigrated-line.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/** Variables that the products read; others may be left out on purpose. */
const productVariables: Readonly<Record<ProductId, RegExp>> = {
  airflow: /^_?AIRFLOW_|^_PIP_ADDITIONAL_REQUIREMENTS$/,
  mlflow: /^MLFLOW_/,
  postgres: /^POSTGRES_|^PGDATA$/,
};
const databaseVariable = /SQL_ALCHEMY_CONN|RESULT_BACKEND|(?:BACKEND|REGISTRY)_STORE_URI/;

/**
 * `<<` is shallow: a service that merges a common block and has an `environment:` of its own gets nothing of the common
 * `environment:` (YAML merge keys; compose-go follows them).
 */
export const mergeKeyShadowing = defineRule({
  id: "merge-key-shadowing",
  group: "loading",
  severity: "warning",
  fix: "behaviour",
  summary: "An own `environment:` that drops the variables of the merged block",
  *check(subject) {
    for (const service of Object.keys(subject.project.services)) yield* judge(subject, service);
  },
});

function* judge(subject: Subject, service: string): Iterable<Fault> {
  const { project, topology, sources } = subject;
  const product = topology.services[service]?.product;
  const path = ["services", service, "environment"];
  const origin = project.origins.at(path);
  const dropped = origin?.losers.find(({ chain }) => chain[0]?.step === "merge-key");
  const merge = dropped?.chain[0]?.span;
  const common = dropped?.chain.findLast(({ step }) => step === "written")?.span;
  const own = origin?.chain.find(({ span }) => span !== undefined)?.span;
  if (product === undefined || merge === undefined || common === undefined || own === undefined) return;
  const merged = findMergedMap(sources, common);
  if (merged === undefined) return;
  const kept = project.services[service]?.environment ?? {};
  const lost = merged.names.filter((name) => !(name in kept));
  const needed = lost.filter((name) => productVariables[product].test(name));
  if (needed.length === 0) return;
  const labels = placeLabels(project);
  const databases = needed.filter((name) => databaseVariable.test(name));
  const role = topology.services[service];
  const fallsBack = product === "airflow" && databases.length > 0 && role?.component?.oneShot === false;
  yield {
    message: `\`${service}\` drops ${count(lost.length)} of the block it merges, because it has an \`environment\` of its own`,
    labels: [
      labels.key(path, "replaces all of the merged one") ?? { span: own, text: "replaces all of the merged one" },
      { span: merge, text: "merged here, one level deep" },
      { span: merged.key ?? merge, text: "these are lost" },
    ],
    services: [service],
    evidence: [service, ...lost],
    notes: [
      `Lost: ${lost.map((name) => `\`${name}\``).join(", ")}`,
      ...(databases.length === 0 ? [] : [`${databases.map((name) => `\`${name}\``).join(", ")} is its database`]),
    ],
    // Airflow goes on with an empty sqlite file of its own.
    ...(fallsBack ? { severity: "error", consequence: unmigratedLine(role.version) } : {}),
    about: [
      ...lost.map((name) => `environment ${service} ${name}`),
      ...(databases.length === 0 ? [] : [`connection ${service} metadata`]),
    ],
    fix: () => planFix(subject, service, merged),
  };
}

function count(lost: number): string {
  return lost === 1 ? "a variable" : `${lost} variables`;
}

/** A `<<` as the first key of the own mapping; only where the common mapping has an anchor to name. */
function planFix({ edit, project, sources }: Subject, service: string, { anchor }: MergedMap) {
  const own = project.origins
    .at(["services", service, "environment"])
    ?.chain.find(({ step }) => step === "written" || step === "override")?.span;
  const written = own && findMergedMap(sources, own);
  if (own === undefined || anchor === undefined || written?.form !== "block" || written.merges) return undefined;
  const text = `<<: *${anchor}${written.newline}${" ".repeat(own.column - 1)}`;
  return {
    class: "behaviour" as const,
    title: `Merge \`*${anchor}\` into the environment of \`${service}\``,
    edits: [edit.replace({ ...own, end: own.start }, text)],
    touches: [["services", service, "environment"]],
    reveals: [service],
  };
}
