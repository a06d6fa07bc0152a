import type { CheckedProject } from "../../../actions/check/check-project.ts";
import { renderConcise } from "./render-concise.ts";

/** Projects as JUnit test suites: a failed case a finding, an error a project that cannot be read, one passed case else. */
export function renderJunit(projects: readonly CheckedProject[], place: (file: string) => string): string {
  const suites = projects.map((project) => {
    const name = place(project.files[0] ?? project.directory);
    const failures = project.findings.map((finding) => {
      const body = [renderConcise(finding, place), finding.consequence, ...finding.notes].filter(Boolean).join("\n");
      const failure = `<failure type="${escape(finding.severity)}" message="${escape(finding.message)}">${escape(body)}</failure>`;
      return testCase(name, finding.rule, finding.judgement === "unknown" ? "<skipped/>" : failure);
    });
    const errors = [...project.errors, ...project.gaps].map(({ message }) =>
      testCase(name, "load", `<error message="${escape(message)}"/>`),
    );
    const cases = [...failures, ...errors];
    const shown = cases.length === 0 ? [testCase(name, "check", "")] : cases;
    const skipped = project.findings.filter(({ judgement }) => judgement === "unknown").length;
    const counts = `tests="${shown.length}" failures="${failures.length - skipped}" errors="${errors.length}" skipped="${skipped}"`;
    return `  <testsuite name="${escape(name)}" ${counts}>\n${shown.join("\n")}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bulkhead check">\n${suites.join("\n")}\n</testsuites>`;
}

function testCase(suite: string, name: string, content: string): string {
  const start = `    <testcase classname="${escape(suite)}" name="${escape(name)}"`;
  return content === "" ? `${start}/>` : `${start}>${content}</testcase>`;
}

function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
