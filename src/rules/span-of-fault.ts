import type { ComposeFault } from "../compose/compose-fault.ts";
import type { Project } from "../compose/project.ts";
import type { Span } from "../core/span.ts";

/** The place of a fault; the beginning of the first Compose file for one that no file wrote (`--env-file`). */
export function spanOfFault({ span }: ComposeFault, { files, directory }: Project): Span {
  return span ?? { file: files[0] ?? directory, start: 0, end: 0, line: 1, column: 1 };
}
