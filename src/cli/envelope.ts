import { isToolError, type ErrorCode, type ErrorDetail } from "../core/tool-error.ts";

/** One failure as `--json` tells it. `INTERNAL` is a defect of Bulkhead itself. */
export interface ErrorEntry {
  readonly code: ErrorCode | "INTERNAL";
  readonly message: string;
  readonly hint: string | null;
  readonly detail: ErrorDetail;
}

export interface EnvelopeFacts {
  readonly command: string;
  readonly version: string;
  readonly exitCode: number;
  readonly errors: readonly ErrorEntry[];
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The one object of `--json`; its own keys win over the payload's. */
export type Envelope = Readonly<Record<string, unknown>> & {
  readonly schema: 1;
  readonly command: string;
  readonly version: string;
  readonly ok: boolean;
  readonly exitCode: number;
  readonly errors: readonly ErrorEntry[];
};

/** Wraps a command's payload. `ok` is true when it ended with 0. */
export function envelope({ command, version, exitCode, errors, payload }: EnvelopeFacts): Envelope {
  const own = { schema: 1, command, version, ok: exitCode === 0, exitCode, errors } as const;
  return { ...own, ...payload, ...own };
}

/** Any thrown value as an entry. */
export function errorEntry(error: unknown): ErrorEntry {
  if (isToolError(error)) {
    return { code: error.code, message: error.message, hint: error.hint ?? null, detail: error.detail };
  }
  return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error), hint: null, detail: {} };
}
