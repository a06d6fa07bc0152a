import type { Span } from "../core/span.ts";
import { formatScalar } from "./format-scalar.ts";
import { child, spanOf, type Tree } from "./tree.ts";

/** Reports counts and limits that contradict what `deploy` says of the same. Source: compose-go loader/validate.go. */
export function checkLimits(
  name: string,
  service: Tree,
  report: (message: string, at: Span | undefined) => void,
): void {
  const scale = child(service, "scale");
  const deploy = child(service, "deploy");
  const replicas = child(deploy, "replicas");
  const limits = child(child(deploy, "resources"), "limits");
  const reservations = child(child(deploy, "resources"), "reservations");
  const count = numberOf(scale);
  if (count !== undefined && numberOf(replicas) !== undefined && count !== numberOf(replicas)) {
    report(`service "${name}" has different values for "scale" and "deploy.replicas"`, spanOf(scale));
  }
  for (const number of [scale, replicas]) {
    if ((numberOf(number) ?? 0) < 0) report(`service "${name}" needs a count of 0 or more`, spanOf(number));
  }
  if ((count ?? numberOf(replicas) ?? 1) > 1 && child(service, "container_name") !== undefined) {
    report(
      `service "${name}" runs more than once and so cannot have a container_name`,
      spanOf(child(service, "container_name")),
    );
  }
  const pairs: readonly (readonly [string, Tree | undefined, string])[] = [
    ["cpus", limits, "cpus"],
    ["mem_limit", limits, "memory"],
    ["mem_reservation", reservations, "memory"],
    ["pids_limit", limits, "pids"],
  ];
  for (const [key, group, other] of pairs) {
    const own = child(service, key);
    if (own === undefined || group === undefined) continue;
    const theirs = child(group, other);
    const same =
      own.kind === "scalar" && theirs?.kind === "scalar" && formatScalar(own.value) === formatScalar(theirs.value);
    if (!same) report(`service "${name}" has different values for "${key}" and its deploy.resources`, spanOf(own));
  }
}

function numberOf(tree: Tree | undefined): number | undefined {
  return tree?.kind === "scalar" && (typeof tree.value === "bigint" || typeof tree.value === "number")
    ? Number(tree.value)
    : undefined;
}
