import { join } from "node:path";

import { planAirflowEntrypoint, recogniseAirflowImage, airflowImage } from "../catalog/airflow/image.ts";
import { recogniseAirflowComponent } from "../catalog/airflow/components.ts";
import { mlflowImage, recogniseMlflowImage } from "../catalog/mlflow/image.ts";
import { recogniseMlflowComponent } from "../catalog/mlflow/components.ts";
import { airflowReleases } from "../catalog/airflow/versions.ts";
import { mlflowReleases } from "../catalog/mlflow/versions.ts";
import { resolveVersionTag } from "../catalog/resolve-version-tag.ts";
import { parseImage } from "../catalog/parse-image.ts";
import {
  postgresClientImage,
  postgresImage,
  postgresServerComponent,
  recognisePostgresImage,
} from "../catalog/postgres/image.ts";
import type { Component, ImageBehaviour, ProductId, RecognisedImage } from "../catalog/product.ts";
import type { Service } from "../compose/project.ts";
import type { Sources } from "../ports/sources.ts";
import { commandLines } from "./command-lines.ts";
import { isPostgresServer } from "./is-postgres-server.ts";
import { parseDockerfile, type Dockerfile } from "./parse-dockerfile.ts";
import { parsePipInstall } from "./parse-pip-install.ts";
import { readSource } from "./read-source.ts";
import type { ServiceRole } from "./topology.ts";
import { traceImage, traceValue, type TracedText } from "./traced-text.ts";

const behaviours: Readonly<Record<ProductId, ImageBehaviour>> = {
  airflow: airflowImage,
  mlflow: mlflowImage,
  postgres: postgresImage,
};

/**
 * What one service is, judged by image, Dockerfile and command, never by its name. Reads the Dockerfile through
 * `sources`; a Dockerfile that is missing gives a role without product and the reason. `isAwaited`: another service waits
 * for its successful end.
 */
export function resolveServiceRole(name: string, service: Service, sources: Sources, isAwaited: boolean): ServiceRole {
  const dockerfile = service.build === undefined ? undefined : readDockerfile(name, service, sources);
  if (dockerfile !== undefined && "reason" in dockerfile) return unknownRole(name, service, dockerfile.reason);
  const baseImage = dockerfile?.base ?? service.image;
  const pipFiles = dockerfile === undefined ? [] : readRequirementFiles(service, dockerfile, sources);
  const dockerPip = [...(dockerfile?.pip.requirements ?? []), ...pipFiles];
  const recognised = recognise(baseImage, dockerPip);
  const behaviour = recognised === undefined ? undefined : behaviours[recognised.product];
  const base = recognised === undefined ? undefined : { ...recognised, version: resolveVersion(recognised) };
  const words = planWords(name, service, dockerfile, recognised, behaviour);
  const argv = words.map(({ text }) => text);
  const started = recogniseStarted(argv, recognised?.product, isAwaited);
  const environmentText = joinEnvironment(name, behaviour, dockerfile, service);
  const environment: Record<string, string> = {};
  for (const [key, value] of environmentText) environment[key] = value.text;
  const pip = [...dockerPip, ...pipOfEnvironment(environment), ...pipOfCommand(argv)];
  const isKeptRunning = service.restart === "always" || service.restart === "unless-stopped";
  const isOpenEnded = started?.component === unknownProgram || (started?.component === postgresJob && isEndless(argv));
  const isNoJob = isOpenEnded && (isKeptRunning || !isAwaited);
  return {
    service: name,
    product: started?.product ?? recognised?.product,
    version: started?.product === recognised?.product ? base?.version : pinnedVersion(started?.product, pip),
    python: recognised?.python,
    component: started?.component,
    base: base === undefined ? undefined : { product: base.product, version: base.version },
    baseImage,
    dockerfile,
    behaviour: started?.component === postgresJob ? postgresClientImage : behaviour,
    argv,
    words,
    environment,
    environmentText,
    pip,
    oneShot: (started?.component.oneShot ?? false) && !isNoJob,
    mayEnd: isNoJob && !isKeptRunning,
    reason: recognised === undefined ? `image ${baseImage ?? "(none)"} is not in the catalog` : undefined,
  };
}

/** A program the catalog does not know: a job where somebody waits for its end and it is not started again. */
const unknownProgram: Component = { id: "job", oneShot: true, listeners: [] };

/** psql and the like in the PostgreSQL image. */
const postgresJob: Component = { id: "job", oneShot: true, listeners: [] };

/** Whether a job is written to go on: `while true; do pg_dump ...; sleep 86400; done`. */
function isEndless(argv: readonly string[]): boolean {
  const loops = /\bwhile\s+(?:true|:|sleep|\[+\s*1)|\bsleep\s+(?:inf|\d{4,})|\btail\s+-[fF]|\bcrond?\b/;
  return loops.test(argv.join(" "));
}

function unknownRole(name: string, service: Service, reason: string): ServiceRole {
  return {
    service: name,
    product: undefined,
    version: undefined,
    python: undefined,
    component: undefined,
    base: undefined,
    baseImage: service.image,
    dockerfile: undefined,
    behaviour: undefined,
    argv: [],
    words: [],
    environment: {},
    environmentText: new Map(),
    pip: [],
    oneShot: false,
    mayEnd: false,
    reason,
  };
}

type FoundDockerfile = Dockerfile & { readonly path: string };

function readDockerfile(
  name: string,
  service: Service,
  sources: Sources,
): FoundDockerfile | { readonly reason: string } | undefined {
  const build = service.build;
  if (build === undefined) return undefined;
  const path = build.dockerfile_inline === undefined ? join(build.context, build.dockerfile ?? "Dockerfile") : "";
  const inline = build.dockerfile_inline;
  const file =
    inline === undefined
      ? readSource(path, sources)
      : traceValue(inline, ["services", name, "build", "dockerfile_inline"]);
  if (file === undefined) return service.image === undefined ? { reason: `${path} is missing` } : undefined;
  const args: Record<string, TracedText> = {};
  for (const [key, value] of Object.entries(build.args))
    if (value !== null) args[key] = traceValue(value, ["services", name, "build", "args", key]);
  const parsed = parseDockerfile(file, args, build.target);
  return parsed === undefined ? { reason: `${path} has no FROM` } : { ...parsed, path };
}

/** Requirement files of the image are found again through the COPY lines that brought them in. */
function readRequirementFiles(service: Service, dockerfile: Dockerfile, sources: Sources): string[] {
  const context = service.build?.context ?? "";
  return dockerfile.pip.files.flatMap((file) => {
    const base = file.split("/").at(-1) ?? file;
    const source =
      dockerfile.copies.flatMap((copy) => copy.sources).find((path) => path.split("/").at(-1) === base) ?? base;
    const read = sources.read(join(context, source));
    if (read.kind !== "file") return [];
    const lines = new TextDecoder().decode(read.bytes).split(/\r?\n/);
    return lines
      .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
      .filter((line) => line !== "" && !line.startsWith("-"));
  });
}

function recognise(image: string | undefined, pip: readonly string[]): RecognisedImage | undefined {
  if (image === undefined) return undefined;
  const reference = parseImage(image);
  const known =
    recogniseAirflowImage(reference) ?? recogniseMlflowImage(reference) ?? recognisePostgresImage(reference);
  if (known !== undefined || reference.repository !== "python") return known;
  for (const [product, distribution] of [
    ["airflow", "apache-airflow"],
    ["mlflow", "mlflow"],
  ] as const) {
    const version = pinnedVersion(product, pip);
    if (version !== undefined || pip.some((line) => distributionOf(line) === distribution)) {
      return { product, version: version ?? "latest", python: /^\d+\.\d+/.exec(reference.tag ?? "")?.[0] };
    }
  }
  return undefined;
}

/** The release a tag means: `3` and `latest` are the newest known of it; an unknown tag stays as it is. */
function resolveVersion({ product, version }: RecognisedImage): string {
  if (product === "postgres") return version;
  return resolveVersionTag(product === "airflow" ? airflowReleases : mlflowReleases, version)?.version ?? version;
}

function distributionOf(requirement: string): string {
  return (/^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? "").toLowerCase().replace(/[._]/g, "-");
}

function pinnedVersion(product: ProductId | undefined, pip: readonly string[]): string | undefined {
  const distribution = product === "airflow" ? "apache-airflow" : "mlflow";
  for (const line of pip) {
    const version = /==\s*([\w.]+)/.exec(line)?.[1];
    if (distributionOf(line) === distribution && version !== undefined) return version;
  }
  return undefined;
}

/** Entry point and command as Compose and the image combine them: a file's entrypoint drops the image's command. */
function planWords(
  name: string,
  service: Service,
  dockerfile: Dockerfile | undefined,
  recognised: RecognisedImage | undefined,
  behaviour: ImageBehaviour | undefined,
): readonly TracedText[] {
  const written = (key: "entrypoint" | "command"): readonly TracedText[] | undefined =>
    service[key]?.map((word, index) => traceValue(word, ["services", name, key, index]));
  const entrypoint = written("entrypoint") ?? dockerfile?.entrypointText;
  const imageCommand =
    dockerfile?.commandText ??
    (dockerfile?.entrypointText === undefined ? behaviour?.defaultCommand.map(traceImage) : undefined);
  const command = written("command") ?? (service.entrypoint == null ? imageCommand : undefined) ?? [];
  if (entrypoint !== undefined) return [...entrypoint, ...command];
  if (recognised?.product !== "airflow") return command;
  const planned = planAirflowEntrypoint(command.map(({ text }) => text));
  return [...planned.slice(0, planned.length - command.length).map(traceImage), ...command];
}

/**
 * The product a command line starts: the last long-running program of a script decides, one of the image's own
 * application before others that run beside it. The component has the listeners of all, its own first.
 */
function recogniseStarted(
  argv: readonly string[],
  fallback: ProductId | undefined,
  isAwaited: boolean,
): { product: ProductId; component: Component } | undefined {
  if (fallback === "postgres") {
    const component = isPostgresServer(argv, isAwaited) ? postgresServerComponent : postgresJob;
    return { product: "postgres", component };
  }
  const lines = commandLines(argv);
  const found = lines.flatMap((words): { product: ProductId; component: Component }[] => {
    const at = words.findIndex((word) => /(^|\/)(airflow|mlflow)$/.test(word));
    if (at < 0 || at > (words[at - 1] === "-m" ? 2 : 1)) return [];
    const rest = ["", ...words.slice(at + 1)];
    return words[at]?.endsWith("airflow") === true
      ? [{ product: "airflow", component: recogniseAirflowComponent(rest) }]
      : [{ product: "mlflow", component: recogniseMlflowComponent(rest) }];
  });
  const running = found.filter((one) => !one.component.oneShot);
  const main = running.findLast((one) => one.product === fallback) ?? running.at(-1);
  if (main !== undefined) {
    const listeners = [main, ...running].flatMap((one) => one.component.listeners);
    return { ...main, component: { ...main.component, listeners: [...new Set(listeners)] } };
  }
  const chosen = found.find((one) => one.component.id === "migration") ?? found.at(-1);
  if (chosen !== undefined || fallback === undefined) return chosen;
  return { product: fallback, component: unknownProgram };
}

function joinEnvironment(
  name: string,
  behaviour: ImageBehaviour | undefined,
  dockerfile: Dockerfile | undefined,
  service: Service,
): ReadonlyMap<string, TracedText> {
  const joined = new Map<string, TracedText>();
  for (const [key, value] of Object.entries(behaviour?.environment ?? {})) joined.set(key, traceImage(value));
  for (const [key, value] of Object.entries(dockerfile?.environmentText ?? {})) joined.set(key, value);
  for (const [key, value] of Object.entries(service.environment)) {
    if (value === null) joined.delete(key);
    else joined.set(key, traceValue(value, ["services", name, "environment", key]));
  }
  return joined;
}

function pipOfEnvironment(environment: Readonly<Record<string, string>>): readonly string[] {
  const additional = environment["_PIP_ADDITIONAL_REQUIREMENTS"];
  return additional === undefined ? [] : additional.split(/\s+/).filter((word) => word !== "");
}

function pipOfCommand(argv: readonly string[]): readonly string[] {
  return commandLines(argv).flatMap((words) => parsePipInstall(words)?.requirements ?? []);
}
