import { join, relative } from "node:path";
import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { Build } from "../../compose/project.ts";
import { placeLabels } from "../label-place.ts";
import { noteOtherCase, otherCase, writeOtherCase } from "../other-case.ts";
import { defineRule, type Subject } from "../rule.ts";

/** A build whose directory or Dockerfile is not there (docker/compose pkg/compose/build_classic.go). */
export const missingBuildContext = defineRule({
  id: "missing-build-context",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "A build without its directory or Dockerfile",
  *check(subject) {
    const { project } = subject;
    const labels = placeLabels(project);
    for (const [service, { build, image }] of Object.entries(project.services)) {
      if (build === undefined || project.services[service]?.incomplete?.some((key) => key === "*" || key === "build"))
        continue;
      const missing = findMissing(subject, build);
      if (missing === undefined) continue;
      const shown = missing.path.startsWith(`${project.directory}/`)
        ? missing.path.slice(project.directory.length + 1)
        : missing.path;
      const path = ["services", service, "build"];
      const found = otherCase(subject.sources, missing.path);
      const label: Label =
        labels.value([...path, missing.key], "does not exist") ??
        labels.value(path, "does not exist") ??
        labels.service(service, "its build does not exist");
      yield {
        message:
          missing.key === "context"
            ? `The build directory \`${shown}\` of \`${service}\` does not exist`
            : `The Dockerfile \`${shown}\` of \`${service}\` does not exist`,
        labels: [label],
        services: [service],
        evidence: [missing.key, shown],
        // With an image as well, Compose pulls that first and builds only where it cannot be had.
        ...(image === undefined ? {} : { severity: "warning" }),
        notes: [
          ...(image === undefined ? [] : [`Compose first tries to pull \`${image}\``]),
          ...(found === undefined ? [] : [noteOtherCase(found)]),
        ],
        consequence: missing.line,
        about: [`service ${service}`],
        fix: () => correctCase(subject, service, build, missing, label),
      };
    }
  },
});

/** A missing path has one repair that nobody else has to decide: its name as the disk has it. */
function correctCase(
  subject: Subject,
  service: string,
  build: Build,
  missing: Missing,
  { span }: Label,
): Fix | undefined {
  const { edit, project } = subject;
  const found = otherCase(subject.sources, missing.path);
  if (found === undefined) return undefined;
  const own = project.origins.keyAt(["services", service, "build", "dockerfile"]);
  const isWritten = missing.key === "context" || own !== undefined;
  const context = `./${relative(project.directory, build.context)}`;
  const edits = isWritten
    ? writeOtherCase(subject, span, missing.path, found)
    : (edit.setServiceKey(service, ["build", "dockerfile"], found) ??
      edit.setServiceKey(service, ["build"], { context, dockerfile: found }));
  const title = `Build \`${service}\` from \`${found}\`, as it is called on the disk`;
  return edits && { class: "behaviour", title, edits, touches: [["services", service, "build"]], reveals: [service] };
}

interface Missing {
  readonly key: "context" | "dockerfile";
  readonly path: string;
  readonly line: string;
}

function findMissing(
  { sources }: Subject,
  { context, dockerfile, dockerfile_inline: inline }: Build,
): Missing | undefined {
  if (!context.startsWith("/")) return undefined;
  if (sources.kindOf(context) === "missing") {
    return { key: "context", path: context, line: `unable to prepare context: path "${context}" not found` };
  }
  if (inline !== undefined) return undefined;
  const path = join(context, dockerfile ?? "Dockerfile");
  const absolute = dockerfile?.startsWith("/") === true ? dockerfile : path;
  if (sources.kindOf(absolute) !== "missing") return undefined;
  const line = `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${absolute}: no such file or directory`;
  return { key: "dockerfile", path: absolute, line };
}
