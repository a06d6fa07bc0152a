import type { TextEdit } from "../core/fix.ts";
import type { Project } from "../compose/project.ts";

/**
 * The parts of the canonical model that are built from text which the edits replace, services by attribute and variable:
 * an anchor's users, all that a variable of `.env` fills. For `Fix.touches`.
 */
export function touchedPaths({ model, origins }: Project, edits: readonly TextEdit[]): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  visit(model, []);
  return [...found.values()];

  function visit(value: unknown, path: readonly (string | number)[]): void {
    if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value))
        visit(child, [...path, Array.isArray(value) ? Number(key) : key]);
    } else if (isTouched(path)) {
      const prefix = prefixOf(path);
      found.set(prefix.join("\0"), prefix);
    }
  }

  function isTouched(path: readonly (string | number)[]): boolean {
    return (origins.at(path)?.chain ?? []).some(({ span }) =>
      edits.some(({ file, start, end }) => span?.file === file && start <= span.end && span.start <= end),
    );
  }
}

/** Up to the first list item: `services.mlflow.command`, `services.mlflow.environment.NAME`. */
function prefixOf(path: readonly (string | number)[]): readonly string[] {
  const item = path.findIndex((key) => typeof key === "number");
  return (item < 0 ? path : path.slice(0, item)).map(String);
}
