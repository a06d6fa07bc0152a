import { basename, dirname, join, relative } from "node:path";
import { quoteWord } from "../core/quote-word.ts";
import { ToolError } from "../core/tool-error.ts";
import type { ActionContext } from "./context.ts";
import { planInitVersions } from "./init/plan-init-versions.ts";
import { renderInitProject } from "./init/render-init-project.ts";

export interface InitOptions {
  /** Absolute directory of the new project; made when missing. */
  readonly directory: string;
  /** Airflow release, e.g. `2.10.5`. */
  readonly airflow?: string;
  /** MLflow release. */
  readonly mlflow?: string;
  /** PostgreSQL major. */
  readonly postgres?: string;
  /** Host port of Airflow's UI (8080). */
  readonly airflowPort?: number;
  /** Host port of MLflow's UI (5000). */
  readonly mlflowPort?: number;
}

export interface InitResult {
  readonly directory: string;
  /** What was written, relative to `directory`. */
  readonly files: readonly string[];
  /** The commands to run next, in order. */
  readonly next: readonly string[];
}

/** Compose takes the first of these that it finds, so a second one beside ours would hide one of the two. */
const otherComposeFiles = ["compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/**
 * Writes a new project: Airflow and MLflow, each with its own PostgreSQL, with random secrets. Nothing is overwritten:
 * throws ToolError FILE_EXISTS naming what is in the way, VERSION_UNKNOWN for a version it has no files for, LOCK_FAILED
 * for two that are known not to fit, and COMMAND_USAGE for ports that cannot be or a directory that cannot be written to,
 * DISK_FULL. When a write fails, what was written before it is removed again.
 */
export async function init(context: ActionContext, options: InitOptions): Promise<InitResult> {
  const { files, host, random } = context.ports;
  const versions = planInitVersions(options);
  const ports = { airflow: options.airflowPort ?? 8080, mlflow: options.mlflowPort ?? 5000 };
  assertPorts(ports);
  const exampleDag = await files.readText(join(context.resources, "init", "train_and_log.py"));
  const project = renderInitProject(versions, ports, exampleDag, random);
  await assertNothingInTheWay(context, options.directory, [...project.map((file) => file.path), ...otherComposeFiles]);

  const written: string[] = [];
  try {
    for (const { path, text, mode } of project) {
      context.signal.throwIfAborted();
      const target = join(options.directory, path);
      await files.makeDirectory(dirname(target));
      await files.writeText(target, text, { mode, exclusive: true });
      written.push(target);
    }
  } catch (error) {
    for (const path of written) await files.remove(path);
    throw explainWriteFailure(error, options.directory);
  }

  const fromHere = relative(host.cwd, options.directory);
  const enter = fromHere === "" ? [] : [`cd ${quoteWord(fromHere)}`];
  return {
    directory: options.directory,
    files: project.map((file) => file.path),
    next: [...enter, "bulkhead up", "bulkhead prove"],
  };
}

/** What a failed write means to the user; anything unforeseen is given back as it is. */
function explainWriteFailure(error: unknown, directory: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EEXIST":
    case "ENOTDIR":
      return new ToolError("FILE_EXISTS", `A file stands where init would write in ${directory}: ${messageOf(error)}`, {
        hint: `ls -la ${quoteWord(directory)}`,
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ToolError("COMMAND_USAGE", `init may not write in ${directory}: ${messageOf(error)}`, {
        hint: "bulkhead init ~/my-stack",
        cause: error,
      });
    case "ENOSPC":
    case "EDQUOT":
      return new ToolError("DISK_FULL", `No space left for the project in ${directory}.`, {
        hint: `df -h ${quoteWord(dirname(directory))}`,
        cause: error,
      });
    default:
      return error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function assertPorts(ports: { readonly airflow: number; readonly mlflow: number }): void {
  for (const [name, port] of Object.entries(ports)) {
    if (Number.isInteger(port) && port >= 1 && port <= 65535) continue;
    throw new ToolError("COMMAND_USAGE", `--${name}-port ${port} is not a port from 1 to 65535.`);
  }
  if (ports.airflow === ports.mlflow) {
    throw new ToolError("COMMAND_USAGE", `Airflow and MLflow cannot both have port ${ports.airflow}.`, {
      hint: `bulkhead init --airflow-port ${ports.airflow} --mlflow-port ${ports.airflow === 65535 ? 5000 : ports.airflow + 1}`,
    });
  }
}

async function assertNothingInTheWay(
  context: ActionContext,
  directory: string,
  paths: readonly string[],
): Promise<void> {
  const { files } = context.ports;
  const present: string[] = [];
  for (const path of paths) if ((await files.stat(join(directory, path))) !== undefined) present.push(path);
  if (present.length === 0) return;
  throw new ToolError("FILE_EXISTS", `${directory} already has ${present.join(", ")}; init overwrites nothing.`, {
    hint: `bulkhead init ${quoteWord(join(directory, `${basename(directory)}-stack`))}`,
    detail: { directory, files: present },
  });
}
