import { isList, isMap, type Draft } from "./draft.ts";
import type { ProjectDraft } from "./project.ts";

/**
 * A smaller project that still fails: takes away one part after the other as long as `fails` says so.
 *
 * @param fails whether a project still shows the difference
 */
export async function shrinkProject(
  project: ProjectDraft,
  fails: (candidate: ProjectDraft) => Promise<boolean>,
): Promise<ProjectDraft> {
  let smallest = project;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const candidate of smallerProjects(smallest)) {
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      shrunk = true;
      break;
    }
  }
  return smallest;
}

function* smallerProjects(project: ProjectDraft): Generator<ProjectDraft> {
  const { documents, lines, request } = project;
  for (const name of request.files.slice(1))
    yield { ...project, request: { ...request, files: request.files.filter((file) => file !== name) } };
  for (const key of ["profiles", "envFiles"] as const)
    if (request[key].length > 0) yield { ...project, request: { ...request, [key]: [] } };
  for (const key of ["projectName", "projectDirectory"] as const)
    if (request[key] !== undefined) yield { ...project, request: { ...request, [key]: undefined } };
  for (const name of Object.keys(documents)) yield { ...project, documents: without(documents, name) };
  for (const name of Object.keys(lines)) yield { ...project, lines: without(lines, name) };
  for (const [name, drafts] of Object.entries(documents)) {
    for (const smaller of smallerDrafts(drafts)) {
      if (isList(smaller) && smaller.length > 0) yield { ...project, documents: { ...documents, [name]: smaller } };
    }
  }
  for (const [name, own] of Object.entries(lines)) {
    for (const at of own.keys())
      yield { ...project, lines: { ...lines, [name]: own.filter((_, other) => other !== at) } };
  }
}

/** The draft with one part less, the large parts first. */
function* smallerDrafts(draft: Draft): Generator<Draft> {
  if (isList(draft)) {
    for (const at of draft.keys()) yield draft.filter((_, other) => other !== at);
    for (const [at, item] of draft.entries())
      for (const smaller of smallerDrafts(item)) yield draft.map((known, other) => (other === at ? smaller : known));
  } else if (isMap(draft)) {
    for (const key of draft.keys()) yield new Map([...draft].filter(([other]) => other !== key));
    for (const [key, value] of draft)
      for (const smaller of smallerDrafts(value)) yield new Map([...draft, [key, smaller]]);
  } else if (typeof draft !== "string" && "prefix" in draft) {
    yield draft.value;
    for (const smaller of smallerDrafts(draft.value)) yield { prefix: draft.prefix, value: smaller };
  } else if (typeof draft !== "string" && draft.lines.length > 1) {
    yield { block: draft.block, lines: draft.lines.slice(1) };
  }
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
