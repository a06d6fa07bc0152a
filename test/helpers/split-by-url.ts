import { dbSplit, type DbSplitOptions, type DbSplitResult } from "../../src/actions/db-split.ts";
import type { ProgressEvent } from "../../src/core/event.ts";
import { contextByUrl, noProject } from "./context-by-url.ts";

/** `db split --url`, with its journals in a home of the test's own. Nothing is asked: `confirm` says no. */
export function splitByUrl(
  home: string,
  url: string,
  options: Partial<DbSplitOptions> & {
    readonly onEvent?: (event: ProgressEvent) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<DbSplitResult> {
  const { onEvent, signal, ...wanted } = options;
  const context = contextByUrl(home, {
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(signal === undefined ? {} : { signal }),
  });
  return dbSplit(context, noProject, {
    subject: undefined,
    url,
    app: undefined,
    toServer: undefined,
    sameServer: false,
    name: undefined,
    role: undefined,
    verb: "split",
    dryRun: false,
    terminate: false,
    backup: false,
    announce: () => Promise.resolve(),
    confirm: () => Promise.resolve(false),
    ...wanted,
  });
}
