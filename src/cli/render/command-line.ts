import type { ProjectOptions } from "../../actions/context.ts";
import { quoteWord } from "../../core/quote-word.ts";

/** A command to paste that means the same project as the one just run: `bulkhead -f other.yaml logs mlflow`. */
export function renderCommandLine(project: ProjectOptions, words: readonly string[]): string {
  const flags = [
    ...project.files.flatMap((file) => ["-f", file]),
    ...(project.projectName === undefined ? [] : ["-p", project.projectName]),
    ...(project.directory === undefined ? [] : ["--project-directory", project.directory]),
    ...project.profiles.flatMap((profile) => ["--profile", profile]),
    ...project.envFiles.flatMap((file) => ["--env-file", file]),
  ];
  return ["bulkhead", ...flags, ...words].map(quoteWord).join(" ");
}
