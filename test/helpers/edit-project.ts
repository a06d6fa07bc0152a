import { loadOutcome } from "../../src/compose/load-outcome.ts";
import type { LoadRequest } from "../../src/compose/load-request.ts";
import type { Project } from "../../src/compose/project.ts";
import type { TextEdit } from "../../src/core/fix.ts";
import { createEditKit } from "../../src/edit/create-edit-kit.ts";
import type { EditKit } from "../../src/edit/edit-kit.ts";
import { overlaySources } from "../../src/edit/overlay-sources.ts";
import type { Sources } from "../../src/ports/sources.ts";
import { memorySources } from "./memory-sources.ts";
import { requestFor } from "./request-for.ts";

/** File texts by path below `/p`. */
export type Texts = Readonly<Record<string, string>>;

/** Loads a project that must be whole. */
export function loadWhole(sources: Sources, more: Partial<LoadRequest> = {}): Project {
  const { project, faults } = loadOutcome(requestFor(more), sources);
  if (project === undefined || faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
  return project;
}

export function openKit(
  texts: Texts,
  more: Partial<LoadRequest> = {},
): { project: Project; kit: EditKit; sources: Sources } {
  const sources = memorySources(texts);
  const request = requestFor(more);
  const { project } = loadOutcome(request, sources);
  if (project === undefined) throw new Error("nothing could be loaded");
  const random = { bytes: (length: number) => Uint8Array.from({ length }, (_, at) => (at * 37) % 256) };
  return { project, kit: createEditKit({ project, sources, random, request }), sources };
}

/** The texts after an operation of the kit, or undefined when it refused. */
export function edited(
  texts: Texts,
  operation: (kit: EditKit) => readonly TextEdit[] | undefined,
  more: Partial<LoadRequest> = {},
): Texts | undefined {
  const { kit, sources } = openKit(texts, more);
  const edits = operation(kit);
  if (edits === undefined) return undefined;
  const overlay = overlaySources(sources, edits);
  const names = new Set([...Object.keys(texts), ...edits.map(({ file }) => file.slice("/p/".length))]);
  return Object.fromEntries(
    [...names].map((name) => {
      const read = overlay.read(`/p/${name}`);
      if (read.kind !== "file") throw new Error(`${name} is gone`);
      return [name, new TextDecoder("utf-8", { ignoreBOM: true }).decode(read.bytes)];
    }),
  );
}
