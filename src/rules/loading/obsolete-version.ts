import { defineRule } from "../rule.ts";

/** `version:` has had no meaning since Compose 1.27; from 2.25 on Compose warns at every command (docker/compose #11628). */
export const obsoleteVersion = defineRule({
  id: "obsolete-version",
  group: "loading",
  severity: "info",
  fix: "safe",
  summary: "A `version:` that Compose ignores and warns about",
  *check({ project, edit }) {
    for (const warning of project.warnings) {
      if (warning.kind !== "obsolete-version" || warning.span === undefined) continue;
      const { file } = warning.data;
      yield {
        message: "Compose ignores `version`",
        labels: [{ span: warning.span, text: "has no effect" }],
        services: [],
        evidence: ["version"],
        consequence: `${file}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`,
        fix: () => {
          const edits = edit.removeTopLevel("version");
          return edits && { class: "safe", title: "Remove `version`", edits, touches: [] };
        },
      };
    }
  },
});
