import type { Project } from "./project.ts";

const secretName = /pass(word|wd)?$|secret|token|_key$|fernet|credential/i;
const masked = "********";
/** Mappings whose keys name what their values are. */
const named = new Set(["environment", "args", "labels"]);

/** The project with every value of its model masked that its name, or the password of a URL, marks as a secret. */
export function redactConfig(project: Project): Project {
  return {
    ...project,
    model: redactTree(project.model, []) as Project["model"],
    extensions: redactTree(project.extensions, []) as Project["extensions"],
  };
}

function redactTree(value: unknown, path: readonly string[]): unknown {
  if (typeof value === "string") return redactText(value, path);
  if (Array.isArray(value)) return value.map((item) => redactTree(item, path));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactTree(inner, [...path, key])]));
}

function redactText(text: string, path: readonly string[]): string {
  const [name = "", parent = ""] = [path.at(-1), path.at(-2)];
  if (path[0] === "secrets" && name === "content") return masked;
  const isNamed = named.has(parent) || path.some((key) => key.startsWith("x-"));
  const isSecret = isNamed && secretName.test(name) && !/_FILE$|_CMD$/.test(name) && text !== "";
  return isSecret ? masked : text.replace(/(:\/\/[^:/@\s]*:)[^@\s]*(?=@)/g, `$1${masked}`);
}
