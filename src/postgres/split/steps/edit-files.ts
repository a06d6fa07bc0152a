import { createHash } from "node:crypto";

import { ToolError } from "../../../core/tool-error.ts";
import type { SplitContext } from "../split-context.ts";
import type { SplitKind, SplitStepArgs } from "../split-steps.ts";

type EditedFile = SplitStepArgs["edit-files"]["files"][number];

/** The Compose edits that go with a split. A file that somebody changed in between is left alone, and named. */
export const editFiles: SplitKind<"edit-files"> = {
  isDone: async (context, { files }) => {
    for (const file of files) if ((await hashOf(context, file)) !== file.after) return false;
    return true;
  },
  apply: async (context, { files }) => {
    for (const file of files) await assertKnown(context, file);
    for (const file of files) {
      if ((await hashOf(context, file)) === file.after) continue;
      const text = await context.io.files.readText(file.keptAfter);
      await context.io.files.writeText(file.path, text, file.before === null ? { mode: 0o600 } : {});
    }
  },
  undo: async (context, { files }) => {
    for (const file of files) await assertKnown(context, file);
    for (const file of files) {
      if ((await hashOf(context, file)) === file.before) continue;
      if (file.before === null) await context.io.files.remove(file.path);
      else await context.io.files.writeText(file.path, await context.io.files.readText(file.keptBefore));
    }
  },
};

async function assertKnown(context: SplitContext, file: EditedFile): Promise<void> {
  const now = await hashOf(context, file);
  if (now === file.before || now === file.after) return;
  throw new ToolError("FILE_CHANGED", `${file.path} was changed after the split was planned.`, {
    hint: `Its text before the split is in ${file.keptBefore}, the one after it in ${file.keptAfter}: put one of them back, and repeat the command.`,
    detail: { path: file.path },
  });
}

/** Null: there is no file. */
async function hashOf({ io }: SplitContext, { path }: EditedFile): Promise<string | null> {
  const text = await io.files.readTextIfPresent(path);
  return text === undefined ? null : createHash("sha256").update(text).digest("hex");
}
