import type { ProjectOptions } from "../actions/context.ts";
import type { FlagValues } from "./define-command.ts";

/** Flags that say which project is meant; Docker Compose's own names. */
export const PROJECT_FLAGS = {
  file: {
    long: "file",
    short: "f",
    type: "strings",
    value: "FILE",
    description: "Compose file; may be repeated, later files override",
  },
  projectName: { long: "project-name", short: "p", type: "string", value: "NAME", description: "Project name" },
  projectDirectory: {
    long: "project-directory",
    type: "string",
    value: "DIR",
    description: "Directory that relative paths start from",
  },
  profile: { long: "profile", type: "strings", value: "NAME", description: "Profile to enable; may be repeated" },
  envFile: {
    long: "env-file",
    type: "strings",
    value: "FILE",
    description: "File to read instead of .env; may be repeated",
  },
  engine: {
    long: "engine",
    type: "choice",
    choices: ["docker", "native"],
    value: "ENGINE",
    description: "What runs the services: docker or native",
  },
} as const;

/** Flags of every command. */
export const OUTPUT_FLAGS = {
  json: { long: "json", type: "boolean", description: "Print one JSON object (docs/schema/)" },
  jsonEvents: {
    long: "json-events",
    type: "boolean",
    description: "Print one JSON object a line while working, the result last",
  },
  noColor: { long: "no-color", type: "boolean", description: "No colours (NO_COLOR does the same)" },
  help: { long: "help", short: "h", type: "boolean", description: "Print help" },
} as const;

export const GLOBAL_FLAGS = { ...PROJECT_FLAGS, ...OUTPUT_FLAGS } as const;

/** Only before the command's name. */
export const ROOT_FLAGS = {
  ...GLOBAL_FLAGS,
  version: { long: "version", short: "v", type: "boolean", description: "Print the version" },
} as const;

export type GlobalValues = FlagValues<typeof GLOBAL_FLAGS>;

/** The project that the flags mean. */
export function projectOptions(values: GlobalValues): ProjectOptions {
  return {
    files: values.file,
    projectName: values.projectName,
    directory: values.projectDirectory,
    profiles: values.profile,
    envFiles: values.envFile,
    engine: values.engine,
  };
}
