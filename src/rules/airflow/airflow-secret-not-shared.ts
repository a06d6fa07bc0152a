import type { Severity } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { EditStep } from "../../edit/edit-kit.ts";
import type { App } from "../../topology/topology.ts";
import { airflowComponents, servicesRunning } from "../airflow-components.ts";
import { isSince } from "../airflow-releases.ts";
import { airflowSetting, airflowVariableName, type AirflowSetting } from "../airflow-settings.ts";
import { newFernetKey } from "../new-fernet-key.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";
import { writtenVariable } from "../written-variable.ts";

/**
 * Each container has an airflow.cfg of its own, so a key that is set nowhere is another one in each of them: `secret_key`
 * in all releases, `jwt_secret` and `fernet_key` from 3.0 on (before, an unset Fernet key is empty everywhere; measured with
 * 2.7.0, 2.10.5, 3.0.6, 3.1.8, 3.3.2).
 */
export const airflowSecretNotShared = defineRule({
  id: "airflow-secret-not-shared",
  group: "airflow",
  severity: "warning",
  fix: "behaviour",
  summary: "Airflow components that do not share a key they check each other by",
  hiddenBy: ["airflow-local-logs-unreachable", "merge-key-shadowing", "airflow-option-of-other-major"],
  *check(subject) {
    for (const app of subject.topology.apps) if (app.product === "airflow") yield* judge(subject, app);
  },
});

interface SharedKey {
  readonly section: string;
  readonly key: string;
  /** Name of the variable that a repair sets in `.env`. */
  readonly variable: string;
  /** How much it hurts that it is drawn by each container. */
  readonly severity: Severity;
  readonly consequence?: string;
  readonly effect: string;
}

function keysOf(version: string): readonly SharedKey[] {
  const isThree = isSince(version, "3.0.0");
  const secret: SharedKey = {
    section: isThree ? "api" : "webserver",
    key: "secret_key",
    variable: "AIRFLOW_SECRET_KEY",
    severity: "info",
    effect: "Logs of running tasks are refused, and a new container ends all sessions",
  };
  if (!isThree) return [secret];
  return [
    {
      section: "api_auth",
      key: "jwt_secret",
      variable: "AIRFLOW_JWT_SECRET",
      severity: "warning",
      consequence: "Invalid auth token: Signature verification failed",
      effect: "The API server refuses the tokens of tasks, so every task fails",
    },
    {
      section: "core",
      key: "fernet_key",
      variable: "AIRFLOW_FERNET_KEY",
      severity: "warning",
      consequence: "cryptography.fernet.InvalidToken",
      effect: "What one container encrypts, passwords of connections, no other one and no later one can read",
    },
    secret,
  ];
}

function* judge(subject: Subject, app: App): Iterable<Fault> {
  const found = airflowComponents(subject, app);
  if (!found.complete || found.services.has("standalone")) return;
  const components = servicesRunning(found, [...found.services.keys()]);
  if (new Set(components).size < 2) return;
  const unset: SharedKey[] = [];
  for (const one of keysOf(app.version)) {
    const settings = components.map((service) => ({
      service,
      setting: airflowSetting(subject, service, one.section, one.key),
    }));
    if (settings.some(({ setting }) => setting.kind === "unknown")) continue;
    // A pair of keys in files takes the place of the secret.
    if (one.key === "jwt_secret" && components.some((service) => usesKeyPair(subject, service))) continue;
    if (settings.every(({ setting }) => setting.kind === "unset")) unset.push(one);
    else yield* judgeWritten(subject, app, one, settings);
  }
  const [worst] = unset;
  if (worst === undefined) return;
  const names = unset.map(({ section, key }) => airflowVariableName(section, key));
  const labels = placeLabels(subject.project);
  const [first = "", ...others] = components;
  yield {
    message: `${joinNames(components.map((one) => `\`${one}\``))} each draw their own ${joinNames(names)}`,
    severity: worst.severity,
    labels: [
      labels.service(first, `has no ${names[0] ?? ""}`),
      ...others.map((one) => labels.service(one, "nor has this one")),
    ],
    services: components,
    evidence: [app.id, ...names],
    ...(worst.consequence === undefined ? {} : { consequence: worst.consequence }),
    notes: unset.map(({ effect }) => effect),
    about: [...(worst.key === "secret_key" ? [`logs ${app.id}`] : []), ...names.map((name) => `variable ${name}`)],
    fix: () => planShared(subject, app, unset),
  };
}

type Read = { readonly service: string; readonly setting: AirflowSetting };

/** Set in some components only, or to different values. */
function* judgeWritten(subject: Subject, app: App, one: SharedKey, settings: readonly Read[]): Iterable<Fault> {
  const values = new Set(settings.map(({ setting }) => (setting.kind === "written" ? setting.text.text : undefined)));
  if (values.size === 1) return;
  const labels = placeLabels(subject.project);
  const name = airflowVariableName(one.section, one.key);
  const written = settings.filter(({ setting }) => setting.kind === "written");
  const without = settings.filter(({ setting }) => setting.kind === "unset").map(({ service }) => service);
  const [first] = written;
  if (first === undefined) return;
  const place = (service: string, text: string) =>
    labels.key(["services", service, "environment", name], text) ?? labels.service(service, text);
  yield {
    message:
      without.length > 0
        ? `Only ${joinNames(written.map(({ service }) => `\`${service}\``))} ${written.length === 1 ? "has" : "have"} ${name}; ${joinNames(without.map((service) => `\`${service}\``))} ${without.length === 1 ? "draws its" : "draw their"} own`
        : `${joinNames(settings.map(({ service }) => `\`${service}\``))} have different values of ${name}`,
    labels: [
      place(first.service, "one value"),
      ...settings
        .filter(({ setting }) => !isSame(setting, first.setting))
        .map(({ service, setting }) => place(service, setting.kind === "unset" ? `has no ${name}` : "another value")),
    ],
    services: settings.map(({ service }) => service),
    evidence: [app.id, name],
    ...(one.consequence === undefined ? {} : { consequence: one.consequence }),
    notes: [one.effect],
    about: [`variable ${name}`, ...without.map((service) => `environment ${service} ${name}`)],
    fix: () => (values.size === 2 && without.length > 0 ? planCopied(subject, name, first, without) : undefined),
  };
}

function isSame(one: AirflowSetting, other: AirflowSetting): boolean {
  return one.kind === "written" && other.kind === "written" && one.text.text === other.text.text;
}

function usesKeyPair(subject: Subject, service: string): boolean {
  return airflowSetting(subject, service, "api_auth", "jwt_private_key_path").kind !== "unset";
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** Generated values in `.env`, for all services of the app. */
function planShared(subject: Subject, app: App, unset: readonly SharedKey[]): Fix | undefined {
  const { edit, project, topology } = subject;
  const users = app.services.filter((service) => topology.services[service]?.product === "airflow");
  const keys = unset.map(({ section, key, variable }) => {
    const free = edit.freeName("variables", variable);
    const value = key === "fernet_key" ? newFernetKey(edit, free) : edit.newPassword(free);
    return { name: airflowVariableName(section, key), variable: free, value };
  });
  const edits = edit.sequence(
    keys.flatMap(({ name, variable, value }): EditStep[] => [
      (kit) => kit.setVariable(variable, value),
      (kit) => kit.setEnvironment(users, name, `\${${variable}}`),
    ]),
  );
  return (
    edits && {
      class: "behaviour",
      title: `Give all of Airflow one ${joinNames(keys.map(({ name }) => name))}`,
      edits,
      touches: [
        ...users.flatMap((service) => keys.map(({ name }) => ["services", service, "environment", name])),
        ...touchedPaths(project, edits),
      ],
      secrets: keys.map(({ value }) => value),
      ...(keys.some(({ name }) => name.endsWith("FERNET_KEY"))
        ? { remark: "Connections that are stored already have to be entered again" }
        : {}),
    }
  );
}

/** The variable that one of them has, for the others. Only as `${NAME}`: a secret is not written a second time. */
function planCopied(
  { edit, project }: Subject,
  name: string,
  { setting }: Read,
  services: readonly string[],
): Fix | undefined {
  const text = setting.kind === "written" ? writtenVariable(project, setting.text) : undefined;
  const edits = text === undefined ? undefined : edit.setEnvironment(services, name, text);
  return (
    edits && {
      class: "behaviour",
      title: `Give ${joinNames(services.map((service) => `\`${service}\``))} the same ${name}`,
      edits,
      touches: services.map((service) => ["services", service, "environment", name]),
    }
  );
}
