import type { TextEdit } from "../../core/fix.ts";
import { ToolError } from "../../core/tool-error.ts";
import { applyEdits } from "../../edit/apply-edits.ts";
import { isInside } from "../../edit/project-texts.ts";
import type { Files } from "../../ports/files.ts";
import type { Sources } from "../../ports/sources.ts";

/** A file to write: where its bytes really lie, and what they were and will be. */
interface Rewrite {
  readonly file: string;
  /** `file`, or what it links to. */
  readonly target: string;
  /** Undefined: it is made. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Writes verified edits to disk: each file at once (a reader sees the old text or the new one), with its mode and owner;
 * a new env file readable by its owner alone. Nothing is written unless every file may be, and when one write fails those
 * before it are taken back.
 *
 * @param sources what the edits were made from; its texts must still be on disk
 * @param directory the project directory; no file outside of it is written, links followed
 * @returns the files, absolute, in the order they were written
 * @throws ToolError FILE_CHANGED when a file is no longer what was read; FILE_OUTSIDE_PROJECT
 */
export async function writeEdits(
  files: Files,
  sources: Sources,
  directory: string,
  edits: readonly TextEdit[],
): Promise<readonly string[]> {
  const root = await files.realPath(directory);
  const rewrites: Rewrite[] = [];
  for (const file of [...new Set(edits.map((edit) => edit.file))].toSorted(envFilesFirst)) {
    const target = await locate(files, root, file);
    const read = sources.read(file);
    const before = read.kind === "file" ? read.bytes : undefined;
    await assertUnchanged(files, file, target, before);
    const own = edits.filter((edit) => edit.file === file);
    const after = decode(applyEdits(before ?? new Uint8Array(), own));
    rewrites.push({ file, target, before: before === undefined ? undefined : decode(before), after });
  }
  const written: Rewrite[] = [];
  try {
    for (const rewrite of rewrites) {
      await write(files, rewrite);
      written.push(rewrite);
    }
  } catch (error) {
    for (const rewrite of written.toReversed()) await takeBack(files, rewrite);
    throw error;
  }
  return written.map(({ file }) => file);
}

/** A variable must be there before the file that uses it. */
function envFilesFirst(left: string, right: string): number {
  return Number(isEnvFile(right)) - Number(isEnvFile(left)) || (left < right ? -1 : 1);
}

function isEnvFile(file: string): boolean {
  return /(^|\/)\.env[^/]*$|\.env$/.test(file);
}

async function locate(files: Files, root: string, file: string): Promise<string> {
  const facts = await files.stat(file);
  const slash = file.lastIndexOf("/");
  const real =
    facts === undefined
      ? `${await files.realPath(file.slice(0, slash) || "/")}/${file.slice(slash + 1)}`
      : await files.realPath(file);
  if (isInside(root, real)) return real;
  throw new ToolError("FILE_OUTSIDE_PROJECT", `${file} lies outside of the project directory, at ${real}`, {
    hint: "change it by hand, or put the file itself into the project directory",
    detail: { file, real, directory: root },
  });
}

async function assertUnchanged(
  files: Files,
  file: string,
  target: string,
  before: Uint8Array | undefined,
): Promise<void> {
  const facts = await files.stat(target);
  const isSame =
    before === undefined
      ? facts === undefined
      : facts?.kind === "file" && Buffer.compare(await files.readBytes(target), before) === 0;
  if (isSame) return;
  throw new ToolError("FILE_CHANGED", `${file} was changed by somebody else while it was being repaired`, {
    hint: "run the same command again",
    detail: { file },
  });
}

async function write(files: Files, { file, target, before, after }: Rewrite): Promise<void> {
  if (before !== undefined) await files.writeText(target, after);
  else await files.writeText(target, after, { exclusive: true, ...(isEnvFile(file) ? { mode: 0o600 } : {}) });
}

async function takeBack(files: Files, { target, before }: Rewrite): Promise<void> {
  if (before === undefined) await files.remove(target);
  else await files.writeText(target, before);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
