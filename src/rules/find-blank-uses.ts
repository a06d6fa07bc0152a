import type { BlankUse } from "../compose/compose-fault.ts";
import type { Project } from "../compose/project.ts";

export type BlankPlace = BlankUse & { readonly variable: string };

/** Every place where an unset variable became a blank text, in the order of variables. */
export function findBlankUses({ warnings }: Project): readonly BlankPlace[] {
  return warnings.flatMap((warning) =>
    warning.kind === "blank-variable"
      ? warning.data.uses.map((use) => ({ ...use, variable: warning.data.variable }))
      : [],
  );
}
