/** Every expected failure has one of these codes; they are part of the public contract (`--json` errors[].code). */
export type ErrorCode =
  | "BACKUP_DAMAGED"
  | "BACKUP_REFUSED"
  | "CACHE_UNREACHABLE"
  | "CHECK_FAILED"
  | "COMMAND_USAGE"
  | "COMPOSE_INVALID"
  | "COMPOSE_NOT_FOUND"
  | "COMPOSE_UNSUPPORTED"
  | "DISK_FULL"
  | "DOCKER_COMPOSE_MISSING"
  | "DOCKER_FAILED"
  | "DOCKER_FORBIDDEN"
  | "DOCKER_NOT_INSTALLED"
  | "DOCKER_NOT_RUNNING"
  | "DOCKER_TOO_OLD"
  | "DOWNLOAD_FAILED"
  | "ENVIRONMENT_FAILED"
  | "FILE_CHANGED"
  | "FILE_EXISTS"
  | "FILE_OUTSIDE_PROJECT"
  | "IMAGE_NOT_FOUND"
  | "IMAGE_UNSUPPORTED"
  | "INTERRUPTED"
  | "LOCK_FAILED"
  | "NETWORK_UNREACHABLE"
  | "PASSWORD_CHANGED"
  | "PLAN_OPEN"
  | "PLATFORM_UNSUPPORTED"
  | "PORT_TAKEN"
  | "POSTGRES_DATA_MAJOR"
  | "POSTGRES_FAILED"
  | "POSTGRES_UNREACHABLE"
  | "PROJECT_BUSY"
  | "PROJECT_CONFLICT"
  | "PROJECT_NOT_RUNNING"
  | "PROOF_FAILED"
  | "PYTHON_NOT_FOUND"
  | "SERVICE_UNKNOWN"
  | "SPLIT_REFUSED"
  | "STACK_FAILED"
  | "STATE_FORMAT"
  | "SUPERVISOR_FAILED"
  | "TIMED_OUT"
  | "VERSION_UNKNOWN";

/** Machine-readable facts of an error (service, port, paths). Never a secret. */
export type ErrorDetail = Readonly<Record<string, unknown>>;

/**
 * An expected failure: the user's input or environment, not a bug. `message` states the fact with real names, `hint`
 * is what to do next. `exitCode` is 1 when the project or stack is at fault, 2 when Bulkhead could not do its job.
 */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: ErrorDetail;
  readonly exitCode: 1 | 2 | 130;

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; detail?: ErrorDetail; cause?: unknown; exitCode?: 1 | 2 | 130 } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
    this.detail = more.detail ?? {};
    this.exitCode = more.exitCode ?? 2;
  }
}

/** True for a ToolError of any copy of this package; compares by shape because `instanceof` breaks across bundles. */
export function isToolError(error: unknown): error is ToolError {
  return error instanceof Error && error.name === "ToolError" && "code" in error && "exitCode" in error;
}
