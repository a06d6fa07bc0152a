import type { LoadRequest } from "../compose/load-request.ts";
import type { Project } from "../compose/project.ts";
import type { TextEdit } from "../core/fix.ts";
import type { Random } from "../ports/random.ts";
import type { Sources } from "../ports/sources.ts";
import { areApart } from "./apply-edits.ts";
import { composeEdits, moveEdit } from "./compose-edits.ts";
import { copyServiceText } from "./copy-service.ts";
import { removeServiceDependency, setServiceDependency } from "./edit-dependencies.ts";
import { setDotenvVariable } from "./edit-dotenv.ts";
import { removeEnvironmentVariable, setEnvironmentVariable } from "./edit-environment.ts";
import type { EditKit, ServiceChoice } from "./edit-kit.ts";
import { addSectionEntry, removeSection } from "./edit-sections.ts";
import { appendUnder, removeKey, setKey, setKeyBeside } from "./service-keys.ts";
import { chooseFreeName } from "./choose-free-name.ts";
import { locateDotenv } from "./locate-dotenv.ts";
import { newPassword } from "./new-password.ts";
import { overlaySources } from "./overlay-sources.ts";
import { openProjectTexts, type ProjectTexts } from "./project-texts.ts";
import { replaceSlice } from "./replace-slice.ts";
import { lookUp, type ServiceText } from "./service-text.ts";
import { ownPair } from "./node-pairs.ts";

type Edits = readonly TextEdit[] | undefined;

/** What an edit kit works on. */
export interface EditInput {
  readonly project: Project;
  readonly sources: Sources;
  readonly random: Random;
  /** How the project was loaded: shell variables and env files decide where a variable can be set. */
  readonly request?: Pick<LoadRequest, "cwd" | "env" | "envFiles">;
}

/** Makes the edits of a loaded project's own text; see EditKit. Pure: it reads through `sources` and writes nothing. */
export function createEditKit(input: EditInput): EditKit {
  return build(input, []);
}

/** @param made edits that `sources` already has; the project and its places are those before */
function build(input: EditInput, made: readonly TextEdit[]): EditKit {
  const { project, random } = input;
  const sources = made.length === 0 ? input.sources : overlaySources(input.sources, made);
  const texts = openProjectTexts(project, sources);
  const original = made.length === 0 ? texts : openProjectTexts(project, input.sources);
  const kit: EditKit = {
    replace(span, text) {
      const edit = { file: span.file, start: span.start, end: span.end, text };
      const moved = moveEdit(made, edit);
      if (moved === undefined) throw new RangeError(`${span.file}: an earlier step changed ${span.start}..${span.end}`);
      return moved;
    },
    replaceSlice(path, start, end, text, as = "text") {
      const edits = replaceSlice({ project, texts: original }, path, { start, end }, text, as);
      const moved = edits?.map((edit) => moveEdit(made, edit));
      return moved?.includes(undefined) ? undefined : moved?.filter((edit) => edit !== undefined);
    },
    setServiceKey: (services, path, value) =>
      each(texts, services, path[0], (service) => setKey(service, service.map, path, value)),
    addServiceKeyBeside: (services, key, value, beside) =>
      each(texts, services, beside, (service) => setKeyBeside(service, service.map, key, value, beside)),
    removeServiceKey: (services, path) =>
      everywhere(texts, services, path[0], (service) => removeKey(service, service.map, path)),
    appendServiceItem: (services, key, value) =>
      each(texts, services, key, (service) => appendUnder(service, key, value)),
    setEnvironment: (services, name, value) =>
      each(texts, services, "environment", (service) => setEnvironmentVariable(service, name, value)),
    removeEnvironment: (services, name) =>
      [services].flat().some((service) => isFromEnvFile(project, service, name))
        ? undefined
        : everywhere(texts, services, "environment", (service) => removeEnvironmentVariable(service, name)),
    setDependency: (services, on, condition) =>
      each(texts, services, "depends_on", (service) => setServiceDependency(service, on, condition)),
    removeDependency: (services, on) =>
      everywhere(texts, services, "depends_on", (service) => removeServiceDependency(service, on)),
    addEntry(section, name, value, after) {
      const beside = after === undefined ? undefined : texts.servicesNamed(after, [])[0]?.document;
      const document = beside ?? texts.withSection(section)[0] ?? texts.main();
      return document === undefined ? undefined : addSectionEntry(document, section, name, value, after);
    },
    copyService(service, copy) {
      const [written, ...others] = texts.servicesNamed(service, []);
      return written === undefined || others.length > 0 ? undefined : copyServiceText(written, copy, copy.set);
    },
    removeTopLevel(key) {
      const edits = texts.withSection(key).map((document) => removeSection(document, key));
      return edits.includes(undefined) ? undefined : edits.flatMap((own) => own ?? []);
    },
    sequence(steps) {
      let edits: readonly TextEdit[] = [];
      for (const step of steps) {
        const next = step(build(input, composeEdits(made, edits)));
        if (next === undefined || !areApart(next)) return undefined;
        edits = composeEdits(edits, next);
      }
      return edits;
    },
    setVariable(name, value) {
      const file = locateDotenv(project, name, input.request);
      if (file === undefined) return undefined;
      const source = texts.source(file);
      return source === undefined && sources.kindOf(file) !== "missing"
        ? undefined
        : setDotenvVariable(file, source, name, value);
    },
    newPassword: (name) => newPassword(random, name),
    freeName: (section, wanted) => chooseFreeName(texts, project, section, wanted),
  };
  return kit;
}

/** Makes the same change for each service, in the last document where its key is. */
function each(
  texts: ProjectTexts,
  services: ServiceChoice,
  key: string | undefined,
  change: (service: ServiceText) => Edits,
): Edits {
  return changeAll(services, (name, wanted) => {
    const written = texts.servicesNamed(name, wanted);
    const service = written.find((one) => isHolding(one, key)) ?? written[0];
    return service === undefined || isReset(service, key) ? [undefined] : [change(service)];
  });
}

/** Makes the same change for each service in every document where its key is. */
function everywhere(
  texts: ProjectTexts,
  services: ServiceChoice,
  key: string | undefined,
  change: (service: ServiceText) => Edits,
): Edits {
  return changeAll(services, (name, wanted) =>
    texts
      .servicesNamed(name, wanted)
      .filter((one) => isHolding(one, key))
      .map(change),
  );
}

/** What several services share is changed once. */
function changeAll(
  services: ServiceChoice,
  changes: (name: string, wanted: readonly string[]) => readonly Edits[],
): Edits {
  const wanted = [services].flat();
  const made = wanted.flatMap((name) => changes(name, wanted));
  if (made.includes(undefined)) return undefined;
  const all = new Map(made.flatMap((edits) => edits ?? []).map((edit) => [JSON.stringify(edit), edit]));
  return areApart([...all.values()]) ? [...all.values()] : undefined;
}

function isHolding(service: ServiceText, key: string | undefined): boolean {
  return lookUp(service, service.map, key ?? "").kind !== "none";
}

/** `!reset` takes away what is written here or before. */
function isReset({ map }: ServiceText, key: string | undefined): boolean {
  return ownPair(map, key ?? "")?.value?.tag === "!reset";
}

/** An env file still sets the variable when the service itself does not. */
function isFromEnvFile({ origins }: Project, service: string, name: string): boolean {
  const origin = origins.at(["services", service, "environment", name]);
  const links = [origin, ...(origin?.losers ?? [])].flatMap((one) => one?.chain ?? []);
  return links.some(({ step }) => step === "env-file");
}
