import type { Span } from "../core/span.ts";
import type { Hidden } from "./compose-fault.ts";
import type { Sources } from "../ports/sources.ts";
import { addFault, createFaults, type Faults } from "./faults.ts";
import { parseYaml, type ParsedDocument } from "./parse-yaml.ts";
import { decodeSource, type SourceText } from "./source-text.ts";

/** Compose files and env files are written by people; this is a hundred times what the largest have. */
const maximumBytes = 4 * 1024 * 1024;

/**
 * Reads project files once each and remembers every file that was read or looked for. `hides` is what nobody knows when
 * a file cannot be read or is no YAML.
 */
export interface FileReader {
  /** The text, or undefined after a fault; a missing file is the caller's to judge. */
  read(path: string, faults: Faults, at?: Span, hides?: readonly Hidden[]): SourceText | "missing" | undefined;
  /** The documents of a source, parsed once; its faults are added each time. */
  parse(source: SourceText, faults: Faults, hides?: readonly Hidden[]): readonly ParsedDocument[];
  /** True when something stands at the path. The look is remembered. */
  exists(path: string): boolean;
  readonly seen: ReadonlyMap<string, boolean>;
}

export function createFileReader(sources: Sources): FileReader {
  const seen = new Map<string, boolean>();
  const texts = new Map<string, SourceText>();
  const parsed = new Map<SourceText, { documents: readonly ParsedDocument[]; own: Faults }>();
  return {
    seen,
    parse(source, faults, hides = []) {
      let result = parsed.get(source);
      if (result === undefined) {
        const own = createFaults();
        result = { documents: parseYaml(source, own), own };
        parsed.set(source, result);
      }
      for (const { message, span, ...fact } of result.own.faults)
        addFault(faults, message, span, result.documents.length === 0 ? { ...fact, hides } : fact);
      return result.documents;
    },
    exists(path) {
      const found = sources.kindOf(path) !== "missing";
      if (!found && !seen.has(path)) seen.set(path, false);
      return found;
    },
    read(path, faults, at, hides = []) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const outcome = sources.read(path);
      seen.set(path, outcome.kind === "file");
      if (outcome.kind === "missing") return "missing";
      if (outcome.kind === "refused") {
        const { reason } = outcome;
        addFault(faults, `cannot read ${path}: ${reason}`, at, { kind: "unreadable", data: { path, reason }, hides });
        return undefined;
      }
      if (outcome.bytes.length > maximumBytes) {
        const reason = `larger than ${maximumBytes / 1024 / 1024} MiB`;
        addFault(faults, `cannot read ${path}: ${reason}`, at, { kind: "unreadable", data: { path, reason }, hides });
        return undefined;
      }
      const text = decodeSource(path, outcome.bytes);
      if (text === undefined) {
        addFault(faults, `${path} is not valid UTF-8`, at ?? { file: path, start: 0, end: 0, line: 1, column: 1 }, {
          kind: "syntax",
          data: { file: path },
          hides,
        });
        return undefined;
      }
      texts.set(path, text);
      return text;
    },
  };
}
