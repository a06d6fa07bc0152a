import type { Mount } from "../../compose/project.ts";
import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import { placeLabels } from "../label-place.ts";
import { noteOtherCase, otherCase, writeOtherCase } from "../other-case.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/**
 * A file that is mounted and does not exist: Docker makes a directory of that name, on the host too. The long form of a
 * mount without `create_host_path` and a secret's or config's file are refused instead.
 */
export const missingBindFile = defineRule({
  id: "missing-bind-file",
  group: "loading",
  severity: "warning",
  fix: "behaviour",
  summary: "A mounted file that does not exist",
  *check(subject) {
    for (const [service, { volumes }] of Object.entries(subject.project.services)) {
      for (const [index, mount] of volumes.entries()) yield* tellMount(subject, service, index, mount);
    }
    yield* tellFiles(subject);
  },
});

function* tellMount(subject: Subject, service: string, index: number, mount: Mount): Iterable<Fault> {
  const { project, sources } = subject;
  const { type, source, target } = mount;
  if (type !== "bind" || source === undefined || !isOwn(project.directory, source)) return;
  if (sources.kindOf(source) !== "missing") return;
  const isCreated = (mount.other["bind"] as { create_host_path?: boolean } | undefined)?.create_host_path !== false;
  if (isCreated && !(looksLikeFile(source) && looksLikeFile(target))) return;
  const labels = placeLabels(project);
  const shown = source.slice(project.directory.length + 1);
  const found = otherCase(sources, source);
  const path = ["services", service, "volumes", index];
  const text = isCreated ? "becomes an empty directory" : "does not exist";
  const label = labels.value([...path, "source"], text) ?? labels.value(path, text) ?? labels.service(service, text);
  yield {
    message: `\`${shown}\`, which \`${service}\` mounts on \`${target}\`, does not exist`,
    labels: [label],
    services: [service],
    evidence: [shown, target],
    ...(isCreated ? {} : { severity: "error", consequence: `bind source path does not exist: ${source}` }),
    notes: [
      ...(isCreated ? [`Docker makes a directory \`${shown}\` on the host and mounts that`] : []),
      ...(found === undefined ? [] : [noteOtherCase(found)]),
    ],
    fix: () => correctCase(subject, label, source, ["services", service, "volumes"]),
  };
}

/** Files of secrets and configs that an enabled service uses. */
function* tellFiles(subject: Subject): Iterable<Fault> {
  const { project, sources } = subject;
  const labels = placeLabels(project);
  for (const kind of ["secrets", "configs"] as const) {
    for (const [name, { file }] of Object.entries(project[kind])) {
      const users = Object.entries(project.services).flatMap(([service, mounts]) =>
        mounts[kind].some(({ source }) => source === name) ? [service] : [],
      );
      const user = users[0];
      if (file === undefined || user === undefined || !isOwn(project.directory, file)) continue;
      if (sources.kindOf(file) !== "missing") continue;
      const shown = file.slice(project.directory.length + 1);
      const text = "does not exist";
      const found = otherCase(sources, file);
      const label = labels.value([kind, name, "file"], text) ?? labels.service(user, text);
      yield {
        message: `\`${shown}\`, the file of the ${kind.slice(0, -1)} \`${name}\`, does not exist`,
        labels: [label],
        services: users,
        evidence: [shown, name],
        severity: "error",
        consequence: `bind source path does not exist: ${file}`,
        notes: found === undefined ? [] : [noteOtherCase(found)],
        fix: () => correctCase(subject, label, file, [kind, name]),
      };
    }
  }
}

/** A missing file has one repair that nobody else has to decide: its name as the disk has it. */
function correctCase(subject: Subject, { span }: Label, path: string, touched: readonly string[]): Fix | undefined {
  const found = otherCase(subject.sources, path);
  const edits = found === undefined ? undefined : writeOtherCase(subject, span, path, found);
  return (
    edits && { class: "behaviour", title: `Mount \`${found}\`, as it is called on the disk`, edits, touches: [touched] }
  );
}

/** What lies outside the project belongs to a host that may not be this one. */
function isOwn(directory: string, path: string): boolean {
  return path.startsWith(`${directory}/`);
}

/** Endings of files people mount; `data.v1` or `conf.d` may well be a directory. */
const fileEnding =
  /\.(?:cfg|cnf|conf|config|crt|csv|env|gz|html?|ini|js|json|key|lua|pem|php|pl|properties|py|sh|sql|tmpl|tpl|toml|txt|xml|ya?ml)$/i;

function looksLikeFile(path: string): boolean {
  return fileEnding.test(path);
}
