import { ToolError } from "../core/tool-error.ts";
import { baseName } from "./paths.ts";

/** Lower case, only letters, digits, `_` and `-`, none of the latter two in front. Source: compose-go loader/loader.go. */
export function normaliseProjectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

/**
 * The project's name: `-p`, else COMPOSE_PROJECT_NAME, else `name:` of the files, else the directory's name. The first
 * two must be valid as they are, the others are brought into form.
 *
 * @throws ToolError COMPOSE_INVALID for an invalid or empty name
 */
export function chooseProjectName(choice: {
  readonly flag: string | undefined;
  readonly variable: string | undefined;
  readonly written: string | undefined;
  readonly directory: string;
}): string {
  for (const [name, by] of [
    [choice.flag, "-p"],
    [choice.variable, "COMPOSE_PROJECT_NAME"],
  ] as const) {
    if (name === undefined || name === "") continue;
    if (normaliseProjectName(name) === name) return name;
    throw new ToolError(
      "COMPOSE_INVALID",
      `the project name "${name}" given by ${by} is invalid: only lower-case letters, digits, "-" and "_", with a letter or digit first`,
      { hint: `use \`-p ${normaliseProjectName(name) || "my-stack"}\``, detail: { name } },
    );
  }
  const name =
    normaliseProjectName(choice.written ?? "") ||
    (choice.written ? "" : normaliseProjectName(baseName(choice.directory)));
  if (name !== "") return name;
  throw new ToolError(
    "COMPOSE_INVALID",
    `no project name can be made from ${choice.written ? `"${choice.written}"` : choice.directory}`,
    {
      hint: "give one with `-p my-stack`",
    },
  );
}
