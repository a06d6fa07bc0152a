import { placeLabels } from "../label-place.ts";
import { spanOfFault } from "../span-of-fault.ts";
import { defineRule } from "../rule.ts";

/** Two services with one container_name: Compose refuses them (compose-go loader/validate.go). */
export const duplicateContainerName = defineRule({
  id: "duplicate-container-name",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "A container_name that two services use",
  *check({ outcome, project, edit }) {
    const labels = placeLabels(project);
    for (const fault of outcome.faults) {
      if (fault.kind !== "duplicate-container-name") continue;
      const { containerName, services } = fault.data;
      const [first, second] = services;
      const other = labels.value(["services", first, "container_name"], `taken by \`${first}\``);
      yield {
        message: `\`${first}\` and \`${second}\` both have the container_name \`${containerName}\``,
        labels: [
          { span: spanOfFault(fault, project), text: `name of \`${second}\`` },
          ...(other === undefined ? [] : [other]),
        ],
        services,
        evidence: [containerName, ...services],
        consequence: `container name "${containerName}" is already in use by service`,
        fix: () => {
          const edits = edit.removeServiceKey(second, ["container_name"]);
          return (
            edits && {
              class: "behaviour",
              title: `Let Compose name the container of \`${second}\``,
              edits,
              touches: [["services", second, "container_name"]],
            }
          );
        },
      };
    }
  },
});
