import type { TextEdit } from "../core/fix.ts";
import type { Span } from "../core/span.ts";

/** A value to be written as YAML: block style, quoted only where Compose would read something else. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/**
 * The service a change is for, or all services that want the same change. What several share (an anchor, a merge key) is
 * changed where it is written when only the named services use it. Otherwise each gets a key of its own, which takes the
 * shared mapping over with `<<`. Services that merge or extend a changed one change with it.
 */
export type ServiceChoice = string | readonly string[];

/** A new service that is written like one that is there. */
export interface ServiceCopy {
  readonly as: string;
  /** Keys that are left out: `ports`, `container_name`. */
  readonly without: readonly string[];
  /** Keys with values of their own, texts as they stand: a `$` for the container is `$$`. */
  readonly set: Readonly<Record<string, YamlValue>>;
}

/** One step of `EditKit.sequence`. */
export type EditStep = (kit: EditKit) => readonly TextEdit[] | undefined;

/**
 * Edits on the project's own text. Every function returns the edits, or undefined where the text cannot take them (the
 * value comes from an anchor other services use, from a variable of the shell, from a file outside the project); a rule
 * then offers no fix. Comments, order, quoting, line ends and indentation of everything else stay as they are.
 *
 * Services and sections are found where they are written: in the last file that writes the service, block or flow style.
 */
export interface EditKit {
  /** Replaces exactly these bytes. */
  replace(span: Span, text: string): TextEdit;

  /**
   * Replaces the UTF-16 range `start`..`end` of the effective string at a canonical path (`["services", "mlflow",
   * "environment", "MLFLOW_BACKEND_STORE_URI"]`), escaped as the place needs it: YAML quoting, `$$`, `.env` quoting, a word of
   * a shell command. The place is the one that decided the text: a slice that came out of `${DB_HOST}` is changed in `.env`.
   *
   * `as` `interpolated`: `${NAME}` in `text` stays an interpolation, and the place is the one in the Compose file: of a
   * slice that came out of `${DB_URL}` this expression is replaced, and `.env` stays as it is for its other readers.
   */
  replaceSlice(
    path: readonly (string | number)[],
    start: number,
    end: number,
    text: string,
    as?: "text" | "interpolated",
  ): readonly TextEdit[] | undefined;

  /**
   * Writes the whole value at a path below a service as written: `["healthcheck"]`, `["volumes"]`, `["image"]`. Texts go in
   * as they stand: a `$` for the container is `$$`.
   */
  setServiceKey(service: ServiceChoice, path: readonly string[], value: YamlValue): readonly TextEdit[] | undefined;
  /** Adds a key where another one is written, in what several services share too: `build` beside `image`. */
  addServiceKeyBeside(
    service: ServiceChoice,
    key: string,
    value: YamlValue,
    beside: string,
  ): readonly TextEdit[] | undefined;
  removeServiceKey(service: ServiceChoice, path: readonly string[]): readonly TextEdit[] | undefined;
  /**
   * Appends an item to a list of the service, which is made where it is missing: `ports`, `volumes`, `networks`. The first
   * own network keeps `default` beside it.
   */
  appendServiceItem(service: ServiceChoice, key: string, value: YamlValue): readonly TextEdit[] | undefined;

  /** In the form the service uses, map or list; `${NAME}` in `value` stays an interpolation, other `$` are doubled. */
  setEnvironment(service: ServiceChoice, name: string, value: string): readonly TextEdit[] | undefined;
  removeEnvironment(service: ServiceChoice, name: string): readonly TextEdit[] | undefined;

  /** Adds the dependency or changes its condition; a list-form `depends_on` becomes the long form when it has to. */
  setDependency(
    service: ServiceChoice,
    on: string,
    condition: "service_started" | "service_healthy" | "service_completed_successfully",
  ): readonly TextEdit[] | undefined;
  removeDependency(service: ServiceChoice, on: string): readonly TextEdit[] | undefined;

  /**
   * Adds an entry to a top-level section (`services`, `volumes`, `networks`, `secrets`), which is made where it is missing.
   * A service goes behind `after` with one empty line before it where the file separates services so.
   */
  addEntry(
    section: "services" | "volumes" | "networks" | "secrets",
    name: string,
    value: YamlValue,
    after?: string,
  ): readonly TextEdit[] | undefined;
  /**
   * Adds a service behind another one, written like it: its merge keys, aliases and comments stay as they are. Only for a
   * service that one file writes.
   */
  copyService(service: string, copy: ServiceCopy): readonly TextEdit[] | undefined;
  /** Removes a top-level key with its line: `version`. */
  removeTopLevel(key: string): readonly TextEdit[] | undefined;

  /**
   * Several operations on one text, each on the result of those before, as edits of the original. Needed wherever two of
   * them could meet: two volumes in a section that is not there yet, two dependencies, two variables of one service.
   * Undefined when a step is.
   */
  sequence(steps: readonly EditStep[]): readonly TextEdit[] | undefined;

  /** Sets a variable in the project's `.env`, which is made (mode 0600) where it is missing. */
  setVariable(name: string, value: string): readonly TextEdit[] | undefined;

  /** A password for a new role: letters and digits only, so that no layer alters it. The same during one run for one name. */
  newPassword(name: string): string;

  /** A name for a new service, volume or variable that nothing in the project uses: the given one, else with `-2`, `_2`. */
  freeName(section: "services" | "volumes" | "networks" | "variables", wanted: string): string;
}
