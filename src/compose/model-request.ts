import type { Span } from "../core/span.ts";
import type { Extension } from "./apply-extends.ts";
import type { Faults } from "./faults.ts";
import type { FileReader } from "./file-reader.ts";
import type { Variables } from "./interpolate-tree.ts";

/** What every file of one load shares. */
export interface ModelContext {
  readonly reader: FileReader;
  readonly faults: Faults;
  readonly home: string | undefined;
  /** Files that were opened for `extends`, by the variables they were interpolated with and their path. */
  readonly extended: Map<Variables, Map<string, Extension>>;
}

/** Files that are merged into one model, with the directory and variables they see. */
export interface ModelRequest {
  readonly files: readonly string[];
  readonly directory: string;
  readonly variables: Variables;
  /** Files whose `include` led here. */
  readonly includedBy: readonly string[];
  /** Where the last of those names the files. */
  readonly at?: Span | undefined;
}
