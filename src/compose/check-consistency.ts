import type { Span } from "../core/span.ts";
import type { FaultFact } from "./compose-fault.ts";
import { checkLimits } from "./check-limits.ts";
import { addFault, type Faults } from "./faults.ts";
import { findDependencyCycles } from "./find-dependency-cycles.ts";
import type { HiddenParts } from "./gather-hidden.ts";
import { suggestKey } from "./suggest-key.ts";
import { child, spanOf, textOf, type Mapping, type Tree } from "./tree.ts";

/** The parts of a normalised model that references point into. */
export interface ConsistencyModel {
  readonly services: Mapping;
  readonly disabledServices: Mapping;
  readonly networks: Mapping;
  readonly volumes: Mapping;
  readonly secrets: Mapping;
  readonly configs: Mapping;
  readonly models: Mapping;
  readonly jobs: Mapping;
  readonly disabledJobs: Mapping;
}

/**
 * Reports what does not fit together: undefined networks, volumes, secrets, configs and services, services with nothing
 * to run, mutually exclusive settings, mounts on one target, dependency cycles, a container name used twice. Only
 * enabled services are judged, and nothing is reported that only follows from a part nobody could read. Sources: compose-go loader/validate.go, graph/cycle.go.
 */
export function checkConsistency(model: ConsistencyModel, hidden: HiddenParts, faults: Faults): void {
  const known = { ...model, hidden };
  for (const [name, entry] of model.services.entries) checkService(name, entry.value, entry.keySpan, known, faults);
  for (const [name, { value }] of model.secrets.entries) {
    const sourced = ["file", "environment"].some((key) => (textOf(child(value, key)) ?? "") !== "");
    if (!isTrue(child(value, "external")) && !sourced)
      addFault(faults, `secrets.${name} needs one of file, environment`, spanOf(value));
  }
  checkJobs(known, faults);
  checkContainerNames(model.services, faults);
  checkCycles(model.services, faults);
}

function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === "scalar" && tree.value === true;
}

function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === "list" ? tree.items : [];
}

function entriesOf(tree: Tree | undefined): readonly (readonly [string, Tree, Span | undefined])[] {
  return tree?.kind === "map"
    ? [...tree.entries].map(([key, { value, keySpan }]) => [key, value, keySpan ?? spanOf(value)] as const)
    : [];
}

function checkService(name: string, service: Tree, span: Span | undefined, model: KnownModel, faults: Faults): void {
  const report: Report = (message, at, fact) => addFault(faults, message, at ?? span, fact);
  const runnable = ["build", "image", "provider"];
  const absent = runnable.every((key) => child(service, key) === undefined && !model.hidden.has(name, key));
  if (absent) {
    report(`service "${name}" has neither "image" nor "build"`, span);
  }
  checkBuild(name, service, model, report);
  const mode = child(service, "network_mode");
  const networks = entriesOf(child(service, "networks"));
  if (mode !== undefined && networks.length > 0)
    report(`service "${name}" has both "network_mode" and "networks"`, spanOf(mode));
  for (const [network, , at] of networks) {
    reportUndefined("network", network, name, at, model, report);
  }
  const test = itemsOf(child(child(service, "healthcheck"), "test"));
  const kind = textOf(test[0]);
  if (kind !== undefined && !["CMD", "CMD-SHELL", "NONE"].includes(kind)) {
    report(`the healthcheck of "${name}" must start with CMD, CMD-SHELL or NONE, not "${kind}"`, spanOf(test[0]));
  }
  checkDependencies(name, service, "service", model, report);
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

type Report = (message: string, at: Span | undefined, fact?: FaultFact) => void;

type KnownModel = ConsistencyModel & { readonly hidden: HiddenParts };

const sections = {
  network: "networks",
  volume: "volumes",
  secret: "secrets",
  config: "configs",
  model: "models",
} as const;

function reportUndefined(
  what: keyof typeof sections,
  name: string,
  service: string,
  at: Span | undefined,
  model: KnownModel,
  report: Report,
  shownAs: string = what,
): void {
  const defined = model[sections[what]].entries;
  if (defined.has(name) || model.hidden.resources) return;
  report(`service "${service}" refers to the undefined ${shownAs} "${name}"`, at, {
    kind: "undefined-reference",
    data: { what, name, service, disabled: false, ...suggestion(name, defined) },
  });
}

/** With more names than this, looking for a similar one takes longer than it helps. */
const manyNames = 1_000;

function suggestion(name: string, known: ReadonlyMap<string, unknown>): { readonly suggestion?: string } {
  const found = known.size > manyNames ? undefined : suggestKey(name, known.keys());
  return found === undefined ? {} : { suggestion: found };
}

function checkBuild(name: string, service: Tree, model: KnownModel, report: Report): void {
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
    if (other === undefined && isHidden(target, model)) continue;
    if (other === undefined)
      report(`the additional context "${alias}" of "${name}" names the unknown service "${target}"`, at, {
        kind: "undefined-reference",
        data: {
          what: "service",
          name: target,
          service: name,
          disabled: false,
          ...suggestion(target, model.services.entries),
        },
      });
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
    reportUndefined("secret", source, name, spanOf(secret), model, report, "build secret");
  }
}

/** True when a service may exist that nobody saw. */
function isHidden(service: string, model: KnownModel): boolean {
  return model.hidden.resources || model.hidden.has(service, "*");
}

function checkDependencies(
  name: string,
  workload: Tree,
  kind: "service" | "job",
  model: KnownModel,
  report: Report,
): void {
  for (const [dependency, settings, at] of entriesOf(child(workload, "depends_on"))) {
    if (model.services.entries.has(dependency)) continue;
    if (model.jobs.entries.has(dependency)) {
      if (kind === "service") report(`service "${name}" depends on the job "${dependency}", which only jobs may`, at);
      continue;
    }
    const disabled = model.disabledServices.entries.has(dependency);
    if (disabled ? !isTrue(child(settings, "required")) : isHidden(dependency, model)) continue;
    report(
      disabled
        ? `${kind} "${name}" depends on "${dependency}", whose profile is not active`
        : `${kind} "${name}" depends on the undefined service "${dependency}"`,
      at,
      {
        kind: "undefined-reference",
        data: {
          what: "service",
          name: dependency,
          service: name,
          disabled,
          ...(disabled ? {} : suggestion(dependency, model.services.entries)),
        },
      },
    );
  }
}

function checkReferences(name: string, service: Tree, model: KnownModel, report: Report): void {
  for (const volume of itemsOf(child(service, "volumes"))) {
    const source = textOf(child(volume, "source")) ?? "";
    if (textOf(child(volume, "type")) !== "volume" || source === "") continue;
    reportUndefined("volume", source, name, spanOf(volume), model, report);
  }
  for (const [used, , at] of entriesOf(child(service, "models"))) {
    reportUndefined("model", used, name, at, model, report);
  }
  for (const kind of ["secret", "config"] as const) {
    for (const mount of itemsOf(child(service, sections[kind]))) {
      reportUndefined(kind, textOf(child(mount, "source")) ?? "", name, spanOf(mount), model, report);
    }
  }
}

/** A name is a service or a job, whichever profiles are active; jobs depend on both. */
function checkJobs(model: KnownModel, faults: Faults): void {
  const all = [...model.jobs.entries, ...model.disabledJobs.entries];
  for (const [name, { value, keySpan }] of all) {
    if (model.services.entries.has(name) || model.disabledServices.entries.has(name))
      addFault(faults, `"${name}" is both a service and a job`, keySpan ?? spanOf(value));
  }
  for (const [name, { value, keySpan }] of model.jobs.entries) {
    const report: Report = (message, at, fact) => addFault(faults, message, at ?? keySpan, fact);
    checkDependencies(name, value, "job", model, report);
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
      addFault(faults, `services "${first}" and "${name}" have the same container_name "${text}"`, spanOf(container), {
        kind: "duplicate-container-name",
        data: { containerName: text, services: [first, name] },
      });
    else users.set(text, name);
  }
}

function checkCycles(services: Mapping, faults: Faults): void {
  const dependenciesOf = (name: string) =>
    entriesOf(child(child(services, name), "depends_on"))
      .map(([dependency]) => dependency)
      .filter((dependency) => services.entries.has(dependency));
  for (const circle of findDependencyCycles(services.entries.keys(), dependenciesOf)) {
    const [first = ""] = circle;
    const edge = child(child(services, circle.at(-1) ?? ""), "depends_on");
    const span = edge?.kind === "map" ? edge.entries.get(first)?.keySpan : undefined;
    addFault(
      faults,
      `services depend on each other in a circle: ${[...circle, first].join(" -> ")}`,
      span ?? spanOf(child(edge, first)),
      { kind: "dependency-cycle", data: { services: circle } },
    );
  }
}
