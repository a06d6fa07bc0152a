import { docker, dockerOutput, runPrefix } from "./docker.ts";

interface Kind {
  readonly name: string;
  /** Prints a line for each: its id, then its names and labels. */
  readonly list: readonly string[];
  readonly remove: readonly string[];
}

const kinds: readonly Kind[] = [
  {
    name: "container",
    list: ["ps", "--all", "--format", "{{.ID}} {{.Names}} {{.Labels}}"],
    remove: ["rm", "--force", "--volumes"],
  },
  { name: "network", list: ["network", "ls", "--format", "{{.ID}} {{.Name}} {{.Labels}}"], remove: ["network", "rm"] },
  { name: "volume", list: ["volume", "ls", "--format", "{{.Name}} {{.Labels}}"], remove: ["volume", "rm", "--force"] },
  { name: "image", list: ["image", "ls", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"], remove: ["rmi", "--force"] },
];

/**
 * Global setup of the Docker tier: when the run has ended, no container, network, volume or image that carries its
 * prefix may be left, and where the engine is the run's own (BULKHEAD_TEST_ENGINE=own) nothing new at all. What is left
 * fails the run, and is then removed.
 */
export async function setup(): Promise<() => Promise<void>> {
  const before = await listAll();
  return async () => {
    const left: string[] = [];
    for (const [kind, line] of await listAll()) {
      if (before.some(([, known]) => known === line)) continue;
      if (process.env["BULKHEAD_TEST_ENGINE"] !== "own" && !line.includes(runPrefix)) continue;
      left.push(`${kind.name} ${line}`);
      await docker([...kind.remove, line.split(" ")[0] ?? ""]);
    }
    if (left.length === 0) return;
    // Vitest prints an error of a global teardown but does not fail for it.
    process.exitCode = 1;
    throw new Error(`The tests left something behind in the engine:\n  ${left.join("\n  ")}`);
  };
}

async function listAll(): Promise<readonly (readonly [Kind, string])[]> {
  const found: (readonly [Kind, string])[] = [];
  for (const kind of kinds) {
    const text = await dockerOutput(kind.list);
    for (const line of text.split("\n")) if (line !== "") found.push([kind, line]);
  }
  return found;
}
