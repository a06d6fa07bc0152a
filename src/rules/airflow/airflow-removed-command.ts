import type { Fix } from "../../core/fix.ts";
import type { Invocation } from "../../topology/topology.ts";
import type { TracedText } from "../../topology/traced-text.ts";
import { airflowReleaseOf, isSince } from "../airflow-releases.ts";
import { placeLabels } from "../label-place.ts";
import { rewriteText } from "../rewrite-text.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

interface RemovedCommand {
  /** First words behind `airflow`. */
  readonly words: readonly string[];
  /** Releases that do not have it: from, and before. */
  readonly from?: string;
  readonly before?: string;
  /** What does the same in that release, word by word. */
  readonly instead: readonly string[];
  /** The line of the release, as measured. */
  readonly line: string;
}

/** Lines of 2.7.0, 3.0.6 and 3.3.2; the lists of choices that follow are left out. */
const removed: readonly RemovedCommand[] = [
  {
    words: ["webserver"],
    from: "3.0.0",
    instead: ["api-server"],
    line: "Command `airflow webserver` has been removed. Please use `airflow api-server`",
  },
  {
    words: ["db", "init"],
    from: "3.0.0",
    instead: ["db", "migrate"],
    line: "airflow db command error: argument COMMAND: invalid choice: 'init'",
  },
  {
    words: ["db", "upgrade"],
    from: "3.0.0",
    instead: ["db", "migrate"],
    line: "airflow db command error: argument COMMAND: invalid choice: 'upgrade'",
  },
  {
    words: ["api-server"],
    before: "3.0.0",
    instead: ["webserver"],
    line: "airflow command error: argument GROUP_OR_COMMAND: invalid choice: 'api-server'",
  },
  {
    words: ["db", "migrate"],
    before: "2.7.0",
    instead: ["db", "upgrade"],
    line: "airflow db command error: argument COMMAND: invalid choice: 'migrate'",
  },
  ...["initdb", "upgradedb"].map((word) => ({
    words: [word],
    from: "2.0.0",
    instead: [],
    line: `airflow command error: argument GROUP_OR_COMMAND: invalid choice: '${word}'`,
  })),
];

const fabManager = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager";

/** Commands of the other major: argparse ends at once, with 2. */
export const airflowRemovedCommand = defineRule({
  id: "airflow-removed-command",
  group: "airflow",
  severity: "error",
  fix: "behaviour",
  summary: "An `airflow` command that this release does not have",
  *check(subject) {
    for (const invocation of subject.topology.invocations) {
      if (invocation.program === "airflow" && invocation.product === "airflow") yield* judge(subject, invocation);
    }
  },
});

function* judge(subject: Subject, invocation: Invocation): Iterable<Fault> {
  const { service } = invocation;
  const { project, topology } = subject;
  const version = airflowReleaseOf(topology.services[service]);
  if (version === undefined) return;
  const command = removed.find(
    ({ words, from, before }) =>
      words.every((word, at) => invocation.subcommand[at] === word) &&
      (from === undefined || isSince(version, from)) &&
      (before === undefined || !isSince(version, before)),
  );
  const needsFab = command === undefined && isUsersWithoutFab(subject, invocation, version);
  if (command === undefined && !needsFab) return;
  const shown = `airflow ${(command?.words ?? ["users"]).join(" ")}`;
  const [first, last] = placesOf(invocation, command?.words ?? ["users"]);
  const labels = placeLabels(project);
  const text = needsFab ? "a command of the FAB auth manager" : `not in ${version}`;
  const place = first === undefined || last === undefined ? undefined : labels.slice(last, 0, last.text.length, text);
  yield {
    message: needsFab
      ? `\`${shown}\` of \`${service}\` needs the FAB auth manager, which Airflow ${version} does not use by default`
      : `Airflow ${version} of \`${service}\` has no \`${shown}\``,
    labels: [place ?? labels.service(service, `runs ${shown}`)],
    services: [service],
    evidence: [service, shown],
    ...(command === undefined ? usersLine(version) : { consequence: command.line }),
    about: [`command ${service}`, ...(command?.words[0] === "webserver" ? [`component api-server`] : [])],
    fix: () => (command === undefined ? planFab(subject, service) : planFix(subject, invocation, command)),
  };
}

/** Measured with 3.0.6 and 3.3.2: later releases have the command, which then finds no roles. */
function usersLine(version: string): { readonly consequence?: string } {
  if (!isSince(version, "3.2.0")) {
    return { consequence: "airflow command error: argument GROUP_OR_COMMAND: invalid choice: 'users'" };
  }
  return isSince(version, "3.3.0")
    ? { consequence: "AttributeError: 'AirflowSecurityManagerV2' object has no attribute" }
    : {};
}

/** `airflow users` works from 3.0 on only where the auth manager is FAB's (airflow #51304). */
function isUsersWithoutFab({ topology }: Subject, { service, subcommand, variables }: Invocation, version: string) {
  if (subcommand[0] !== "users" || !isSince(version, "3.0.0")) return false;
  const role = topology.services[service];
  const names = [...variables.keys()];
  const isUnknown = names.some((name) => /^AIRFLOW__CORE__AUTH_MANAGER_(CMD|SECRET)$|^AIRFLOW_CONFIG$/.test(name));
  return role?.dockerfile === undefined && !isUnknown && !variables.has("AIRFLOW__CORE__AUTH_MANAGER");
}

/** The words of a command that stand one behind the other after the program. */
function placesOf({ words }: Invocation, wanted: readonly string[]): readonly TracedText[] {
  const at = words.findIndex((_, index) => wanted.every((word, offset) => words[index + offset]?.text === word));
  return at < 1 ? [] : [words[at], words[at + wanted.length - 1]].filter((word) => word !== undefined);
}

function planFix(
  { edit, project }: Subject,
  invocation: Invocation,
  { words, instead }: RemovedCommand,
): Fix | undefined {
  // Options of the webserver mean other things to the API server, and the reverse.
  const isServer = words.length === 1;
  const hasOptions = invocation.words.some(({ text }) => text.startsWith("-"));
  const word = placesOf(invocation, words).at(-1);
  const replacement = instead.at(-1);
  if (word === undefined || replacement === undefined || (isServer && hasOptions)) return undefined;
  const edits = rewriteText(edit, word, replacement);
  return (
    edits && {
      class: "behaviour",
      title: `Run \`airflow ${instead.join(" ")}\` in place of \`airflow ${words.join(" ")}\``,
      edits,
      touches: touchedPaths(project, edits),
      reveals: [invocation.service],
    }
  );
}

function planFab({ edit, topology }: Subject, service: string): Fix | undefined {
  const app = topology.apps.find((one) => one.product === "airflow" && one.services.includes(service));
  const users = app?.services.filter((one) => topology.services[one]?.product === "airflow") ?? [];
  const name = "AIRFLOW__CORE__AUTH_MANAGER";
  const edits = users.length === 0 ? undefined : edit.setEnvironment(users, name, fabManager);
  return (
    edits && {
      class: "behaviour",
      title: "Let Airflow keep its users with the FAB auth manager",
      edits,
      touches: users.map((one) => ["services", one, "environment", name]),
    }
  );
}
