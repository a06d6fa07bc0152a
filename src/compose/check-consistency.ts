import type { Span } from "../core/span.ts";
import { addMessage, type Faults } from "./faults.ts";
import { formatScalar } from "./format-scalar.ts";
import { child, spanOf, textOf, type Mapping, type Tree } from "./tree.ts";

/** The parts of a normalised model that references point into. */
export interface ConsistencyModel {
  readonly services: Mapping;
  readonly disabledServices: Mapping;
  readonly networks: Mapping;
  readonly volumes: Mapping;
  readonly secrets: Mapping;
  readonly configs: Mapping;
}

/**
 * Reports what does not fit together: undefined networks, volumes, secrets, configs and services, services with nothing
 * to run, mutually exclusive settings, mounts on one target, dependency cycles, a container name used twice. Only
 * enabled services are judged. Sources: compose-go loader/validate.go, graph/cycle.go.
 */
export function checkConsistency(model: ConsistencyModel, faults: Faults): void {
  for (const [name, entry] of model.services.entries) checkService(name, entry.value, entry.keySpan, model, faults);
  for (const [name, entry] of model.secrets.entries) {
    const secret = entry.value;
    const sourced = ["file", "environment"].some((key) => (textOf(child(secret, key)) ?? "") !== "");
    if (!isTrue(child(secret, "external")) && !sourced) {
      addMessage(faults.faults, `secret "${name}" needs "file" or "environment"`, entry.keySpan ?? spanOf(secret));
    }
  }
  checkContainerNames(model.services, faults);
  checkCycles(model.services, faults);
}

function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === "scalar" && tree.value === true;
}

function numberOf(tree: Tree | undefined): number | undefined {
  return tree?.kind === "scalar" && (typeof tree.value === "bigint" || typeof tree.value === "number")
    ? Number(tree.value)
    : undefined;
}

function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === "list" ? tree.items : [];
}

function entriesOf(tree: Tree | undefined): readonly (readonly [string, Tree, Span | undefined])[] {
  return tree?.kind === "map"
    ? [...tree.entries].map(([key, { value, keySpan }]) => [key, value, keySpan ?? spanOf(value)] as const)
    : [];
}

function checkService(
  name: string,
  service: Tree,
  span: Span | undefined,
  model: ConsistencyModel,
  faults: Faults,
): void {
  const report = (message: string, at: Span | undefined) => addMessage(faults.faults, message, at ?? span);
  const build = child(service, "build");
  if (build === undefined && child(service, "image") === undefined && child(service, "provider") === undefined) {
    report(`service "${name}" has neither "image" nor "build"`, span);
  }
  checkBuild(name, service, model, report);
  const mode = child(service, "network_mode");
  const networks = entriesOf(child(service, "networks"));
  if (mode !== undefined && networks.length > 0)
    report(`service "${name}" has both "network_mode" and "networks"`, spanOf(mode));
  for (const [network, , at] of networks) {
    if (!model.networks.entries.has(network))
      report(`service "${name}" refers to the undefined network "${network}"`, at);
  }
  const test = itemsOf(child(child(service, "healthcheck"), "test"));
  const kind = textOf(test[0]);
  if (kind !== undefined && !["CMD", "CMD-SHELL", "NONE"].includes(kind)) {
    report(`the healthcheck of "${name}" must start with CMD, CMD-SHELL or NONE, not "${kind}"`, spanOf(test[0]));
  }
  checkDependencies(name, service, model, report);
  checkReferences(name, service, model, report);
  checkLimits(name, service, report);
  checkMounts(name, service, report);
  for (const watch of itemsOf(child(child(service, "develop"), "watch"))) {
    const action = textOf(child(watch, "action"));
    if (child(watch, "target") === undefined && action !== "rebuild" && action !== "restart") {
      report(`a watch of "${name}" needs a target for the action "${action ?? ""}"`, spanOf(watch));
    }
  }
}

type Report = (message: string, at: Span | undefined) => void;

function checkBuild(name: string, service: Tree, model: ConsistencyModel, report: Report): void {
  const build = child(service, "build");
  if (build === undefined) return;
  const inline = child(build, "dockerfile_inline");
  if (inline !== undefined && child(build, "dockerfile") !== undefined) {
    report(`the build of "${name}" has both "dockerfile" and "dockerfile_inline"`, spanOf(inline));
  }
  for (const [alias, context, at] of entriesOf(child(build, "additional_contexts"))) {
    const text = textOf(context) ?? "";
    if (!text.startsWith("service:")) continue;
    const target = text.slice("service:".length);
    const other = child(model.services, target) ?? child(model.disabledServices, target);
    if (other === undefined)
      report(`the additional context "${alias}" of "${name}" names the unknown service "${target}"`, at);
    else if (child(other, "build") === undefined)
      report(`the additional context "${alias}" of "${name}" names "${target}", which is not built`, at);
  }
  const platform = textOf(child(service, "platform")) ?? "";
  const platforms = itemsOf(child(build, "platforms"));
  if (platform !== "" && platforms.length > 0 && !platforms.some((item) => textOf(item) === platform)) {
    report(`build.platforms of "${name}" must include its platform ${platform}`, spanOf(child(build, "platforms")));
  }
  for (const secret of itemsOf(child(build, "secrets"))) {
    const source = textOf(child(secret, "source")) ?? "";
    if (!model.secrets.entries.has(source))
      report(`service "${name}" refers to the undefined build secret "${source}"`, spanOf(secret));
  }
}

function checkDependencies(name: string, service: Tree, model: ConsistencyModel, report: Report): void {
  for (const [dependency, settings, at] of entriesOf(child(service, "depends_on"))) {
    if (model.services.entries.has(dependency)) continue;
    const disabled = model.disabledServices.entries.has(dependency);
    if (disabled && !isTrue(child(settings, "required"))) continue;
    report(
      disabled
        ? `service "${name}" depends on "${dependency}", whose profile is not active`
        : `service "${name}" depends on the undefined service "${dependency}"`,
      at,
    );
  }
}

function checkReferences(name: string, service: Tree, model: ConsistencyModel, report: Report): void {
  for (const volume of itemsOf(child(service, "volumes"))) {
    const source = textOf(child(volume, "source")) ?? "";
    if (textOf(child(volume, "type")) !== "volume" || source === "" || model.volumes.entries.has(source)) continue;
    report(`service "${name}" refers to the undefined volume "${source}"`, spanOf(volume));
  }
  for (const kind of ["secrets", "configs"] as const) {
    for (const mount of itemsOf(child(service, kind))) {
      const source = textOf(child(mount, "source")) ?? "";
      if (!model[kind].entries.has(source))
        report(`service "${name}" refers to the undefined ${kind.slice(0, -1)} "${source}"`, spanOf(mount));
    }
  }
}

function checkLimits(name: string, service: Tree, report: Report): void {
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

function checkMounts(name: string, service: Tree, report: Report): void {
  const targets = new Set<string>();
  const mounts = [
    ...itemsOf(child(service, "tmpfs")).map((item) => [textOf(item)?.split(":")[0] ?? "", item] as const),
    ...itemsOf(child(service, "volumes")).map((item) => [textOf(child(item, "target")) ?? "", item] as const),
  ];
  for (const [target, item] of mounts) {
    if (targets.has(target)) report(`service "${name}" mounts something on ${target} twice`, spanOf(item));
    targets.add(target);
  }
}

function checkContainerNames(services: Mapping, faults: Faults): void {
  const users = new Map<string, string>();
  for (const [name, { value }] of services.entries) {
    const container = child(value, "container_name");
    const text = textOf(container);
    if (text === undefined) continue;
    const first = users.get(text);
    if (first !== undefined)
      addMessage(
        faults.faults,
        `services "${first}" and "${name}" have the same container_name "${text}"`,
        spanOf(container),
      );
    else users.set(text, name);
  }
}

function checkCycles(services: Mapping, faults: Faults): void {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start !== -1) {
      const circle = [...trail.slice(start), name];
      const edge = child(child(services, trail.at(-1) ?? ""), "depends_on");
      const span = edge?.kind === "map" ? edge.entries.get(name)?.keySpan : undefined;
      addMessage(
        faults.faults,
        `services depend on each other in a circle: ${circle.join(" -> ")}`,
        span ?? spanOf(child(edge, name)),
      );
      return;
    }
    if (done.has(name)) return;
    for (const [dependency] of entriesOf(child(child(services, name), "depends_on"))) {
      if (services.entries.has(dependency)) visit(dependency, [...trail, name]);
    }
    done.add(name);
  };
  for (const name of services.entries.keys()) visit(name, []);
}
