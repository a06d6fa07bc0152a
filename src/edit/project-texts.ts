import { isMap } from "yaml";
import type { Project } from "../compose/project.ts";
import { decodeSource, type SourceText } from "../compose/source-text.ts";
import type { Sources } from "../ports/sources.ts";
import { findServiceText, type ServiceText } from "./service-text.ts";
import { parseYamlFile, type YamlDocument } from "./yaml-file.ts";
import { ownPair } from "./node-pairs.ts";

/** The project's own files, parsed once each. Files outside of the project directory are nobody's to edit. */
export interface ProjectTexts {
  /** Undefined for a file that is missing, unreadable or outside of the project directory. */
  source(file: string): SourceText | undefined;
  documents(file: string): readonly YamlDocument[];
  /** Every document that writes a service, the last first: it wins over those before. */
  servicesNamed(name: string, wanted: readonly string[]): readonly ServiceText[];
  /** Every document that writes a top-level key, the last first. */
  withSection(section: string): readonly YamlDocument[];
  /** The last document of the project's first file: where new sections go. */
  main(): YamlDocument | undefined;
}

export function openProjectTexts(project: Project, sources: Sources): ProjectTexts {
  const texts = new Map<string, SourceText | undefined>();
  const parsed = new Map<string, readonly YamlDocument[]>();

  function source(file: string): SourceText | undefined {
    if (!texts.has(file)) {
      const read = isInside(project.directory, file) ? sources.read(file) : undefined;
      texts.set(file, read?.kind === "file" ? decodeSource(file, read.bytes) : undefined);
    }
    return texts.get(file);
  }

  function documents(file: string): readonly YamlDocument[] {
    const text = source(file);
    const known = parsed.get(file) ?? (text === undefined ? [] : parseYamlFile(text));
    parsed.set(file, known);
    return known;
  }

  function lastFirst(files: readonly string[]): readonly YamlDocument[] {
    return files.flatMap((file) => documents(file)).toReversed();
  }

  return {
    source,
    documents,
    servicesNamed(name, wanted) {
      const origin = project.origins.at(["services", name]);
      // A service that an included or extended file brings stands in no file of the project's own list.
      const others = origin?.chain.flatMap(({ span }) => (span === undefined ? [] : [span.file])) ?? [];
      const files = [...new Set([...others.filter((file) => !project.files.includes(file)), ...project.files])];
      return lastFirst(files).flatMap((document) => findServiceText(document, name, wanted) ?? []);
    },
    withSection: (section) => lastFirst(project.files).filter(({ root }) => ownPair(root, section) !== undefined),
    main: () => documents(project.files[0] ?? "").findLast(({ root }) => isMap(root)),
  };
}

/** True for a file at or below a directory, by its path. */
export function isInside(directory: string, file: string): boolean {
  const prefix = directory.endsWith("/") ? directory : `${directory}/`;
  return file.startsWith(prefix) && !file.slice(prefix.length).split("/").includes("..");
}
