import type { Step, StepKind } from "../../plan/step.ts";
import type { SplitContext } from "./split-context.ts";
import type { SplitKind, SplitStepArgs, SplitStepKind } from "./split-steps.ts";
import { askApplications } from "./steps/ask-applications.ts";
import { claimDatabase } from "./steps/claim-database.ts";
import { clearCopy } from "./steps/clear-copy.ts";
import { closeDatabase } from "./steps/close-database.ts";
import { copyDatabase } from "./steps/copy-database.ts";
import { createDatabase } from "./steps/create-database.ts";
import { createRole } from "./steps/create-role.ts";
import { dumpOriginal } from "./steps/dump-original.ts";
import { dropCopy } from "./steps/drop-copy.ts";
import { editFiles } from "./steps/edit-files.ts";
import { handOver } from "./steps/hand-over.ts";
import { releaseDatabase } from "./steps/release-database.ts";
import { setAside } from "./steps/set-aside.ts";
import { setProperties } from "./steps/set-properties.ts";
import { setVersionRows } from "./steps/set-version-rows.ts";
import { startServers } from "./steps/start-servers.ts";
import { startStack } from "./steps/start-stack.ts";
import { stopWriters } from "./steps/stop-writers.ts";
import { swapIn } from "./steps/swap-in.ts";
import { transferCopy } from "./steps/transfer-copy.ts";
import { verifyCopy } from "./steps/verify-copy.ts";

const kinds: { readonly [K in SplitStepKind]: SplitKind<K> } = {
  "claim-database": claimDatabase,
  "stop-writers": stopWriters,
  "close-database": closeDatabase,
  "create-role": createRole,
  "create-database": createDatabase,
  "copy-database": copyDatabase,
  "set-aside": setAside,
  "clear-copy": clearCopy,
  "set-version-rows": setVersionRows,
  "hand-over": handOver,
  "set-properties": setProperties,
  "verify-copy": verifyCopy,
  "swap-in": swapIn,
  "release-database": releaseDatabase,
  "dump-original": dumpOriginal,
  "edit-files": editFiles,
  "start-servers": startServers,
  "transfer-copy": transferCopy,
  "drop-copy": dropCopy,
  "start-stack": startStack,
  "ask-applications": askApplications,
};

/** Every kind of step of a split, by name. */
export const splitKinds: Readonly<Record<string, StepKind<SplitContext>>> = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [name, asStepKind(kind as SplitKind<SplitStepKind>)]),
);

/** Arguments come as JSON from the journal, where `splitStep` put them with their type. */
function asStepKind(kind: SplitKind<SplitStepKind>): StepKind<SplitContext> {
  const argsOf = (step: Step) => step.args as unknown as SplitStepArgs[SplitStepKind];
  const { undo } = kind;
  return {
    isDone: (context, step) => kind.isDone(context, argsOf(step)),
    apply: (context, step) => kind.apply(context, argsOf(step)),
    ...(undo === undefined ? {} : { undo: (context, step) => undo(context, argsOf(step)) }),
  };
}
