/** What reading one source gave. `refused`: not a regular file, too large, or no right to read. */
export type SourceRead =
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "refused"; readonly path: string; readonly reason: string };

/** Synchronous, bounded, read-only access to project files. Paths are absolute. */
export interface Sources {
  /** The path `-` is standard input, which can be read once. */
  read(path: string): SourceRead;
  kindOf(path: string): "file" | "directory" | "missing" | "other";
  /** Names in a directory, sorted; empty when it is missing. */
  list(path: string): readonly string[];
}
