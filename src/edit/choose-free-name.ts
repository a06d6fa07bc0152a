import type { Project } from "../compose/project.ts";
import type { ProjectTexts } from "./project-texts.ts";
import { keyOf, mapAt, pairsOf } from "./node-pairs.ts";

/** The wanted name, or with a number behind it, so that nothing in the project has or mentions it. */
export function chooseFreeName(
  texts: ProjectTexts,
  project: Project,
  section: "services" | "volumes" | "networks" | "variables",
  wanted: string,
): string {
  const isTaken = section === "variables" ? namesVariable(texts, project) : namesEntry(texts, project, section);
  const separator = section === "variables" ? "_" : "-";
  for (let at = 1; ; at++) {
    const name = at === 1 ? wanted : `${wanted}${separator}${at}`;
    if (!isTaken(name)) return name;
  }
}

/** Also hosts that services are reached by, which a new service would take over. */
function namesEntry(texts: ProjectTexts, project: Project, section: "services" | "volumes" | "networks") {
  const taken = new Set(Object.keys(project[section]));
  for (const document of project.files.flatMap((file) => texts.documents(file))) {
    const map = mapAt(document, [section]);
    for (const pair of map === undefined ? [] : pairsOf(map)) taken.add(keyOf(pair) ?? "");
  }
  if (section === "services") {
    for (const service of [...Object.values(project.services), ...Object.values(project.disabledServices)]) {
      for (const name of [service.hostname, service.container_name]) if (name !== undefined) taken.add(name);
      for (const network of Object.values(service.networks))
        for (const alias of network?.aliases ?? []) taken.add(alias);
    }
    for (const name of Object.keys(project.disabledServices)) taken.add(name);
  }
  return (name: string) => taken.has(name);
}

/** A name that any text of the project holds as a word counts as used. */
function namesVariable(texts: ProjectTexts, project: Project) {
  const files = [...new Set([...project.sources.map(({ path }) => path), `${project.directory}/.env`])];
  const contents = files.flatMap((file) => texts.source(file)?.text ?? []);
  return (name: string) => contents.some((text) => new RegExp(`\\b${name}\\b`).test(text));
}
