import type { Mount } from "../../compose/project.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/**
 * A file that is mounted and does not exist: Docker makes a directory of that name, on the host too. The long form of a
 * mount without `create_host_path` and a secret's or config's file are refused instead.
 */
export const missingBindFile = defineRule({
  id: "missing-bind-file",
  group: "loading",
  severity: "warning",
  fix: undefined,
  summary: "A mounted file that does not exist",
  *check(subject) {
    for (const [service, { volumes }] of Object.entries(subject.project.services)) {
      for (const [index, mount] of volumes.entries()) yield* tellMount(subject, service, index, mount);
    }
    yield* tellFiles(subject);
  },
});

function* tellMount({ project, sources }: Subject, service: string, index: number, mount: Mount): Iterable<Fault> {
  const { type, source, target } = mount;
  if (type !== "bind" || source === undefined || !isOwn(project.directory, source)) return;
  if (sources.kindOf(source) !== "missing") return;
  const isCreated = (mount.other["bind"] as { create_host_path?: boolean } | undefined)?.create_host_path !== false;
  if (isCreated && !(looksLikeFile(source) && looksLikeFile(target))) return;
  const labels = placeLabels(project);
  const shown = source.slice(project.directory.length + 1);
  const path = ["services", service, "volumes", index];
  const text = isCreated ? "becomes an empty directory" : "does not exist";
  yield {
    message: `\`${shown}\`, which \`${service}\` mounts on \`${target}\`, does not exist`,
    labels: [labels.value([...path, "source"], text) ?? labels.value(path, text) ?? labels.service(service, text)],
    services: [service],
    evidence: [shown, target],
    ...(isCreated
      ? { notes: [`Docker makes a directory \`${shown}\` on the host and mounts that`] }
      : { severity: "error", consequence: `bind source path does not exist: ${source}` }),
  };
}

/** Files of secrets and configs that an enabled service uses. */
function* tellFiles({ project, sources }: Subject): Iterable<Fault> {
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
      yield {
        message: `\`${shown}\`, the file of the ${kind.slice(0, -1)} \`${name}\`, does not exist`,
        labels: [labels.value([kind, name, "file"], text) ?? labels.service(user, text)],
        services: users,
        evidence: [shown, name],
        severity: "error",
        consequence: `bind source path does not exist: ${file}`,
      };
    }
  }
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
