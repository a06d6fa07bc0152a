import type { LoadRequest } from "../compose/load-request.ts";
import { resolvePath } from "../compose/paths.ts";
import type { Project } from "../compose/project.ts";
import { isInside } from "./project-texts.ts";

/**
 * The env file in which setting a variable takes effect: the last that Compose reads. Undefined when the shell's value
 * would win, when Compose reads none, or when it lies outside of the project directory.
 */
export function locateDotenv(
  { directory }: Project,
  name: string,
  request: Pick<LoadRequest, "cwd" | "env" | "envFiles"> | undefined,
): string | undefined {
  const env = request?.env ?? {};
  if (env[name] !== undefined) return undefined;
  const named = [...(request?.envFiles ?? []), ...(env["COMPOSE_ENV_FILES"] ?? "").split(",")].filter(
    (path) => path !== "",
  );
  const given = (request?.envFiles ?? []).length > 0 ? request?.envFiles : named;
  if (given !== undefined && given.length > 0) {
    const file = resolvePath(request?.cwd ?? directory, given.at(-1) ?? "");
    return isInside(directory, file) ? file : undefined;
  }
  const isDisabled = ["1", "t", "T", "TRUE", "true", "True"].includes(env["COMPOSE_DISABLE_ENV_FILE"] ?? "");
  return isDisabled ? undefined : resolvePath(directory, ".env");
}
