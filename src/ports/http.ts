import type { Dial } from "./processes.ts";

export interface HttpRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Opens the line to the server; absent: TCP to the URL's address. */
  readonly dial?: Dial;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; several `set-cookie` values are kept apart in `cookies`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Why no answer came. */
export interface HttpFailure {
  readonly failure: "refused" | "timeout" | "reset" | "unresolved" | "aborted" | "other";
  readonly reason: string;
}

/** Plain HTTP to the stack's own addresses. Redirects are not followed. Never throws for network failures. */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse | HttpFailure>;
}

export function isHttpFailure(outcome: HttpResponse | HttpFailure): outcome is HttpFailure {
  return "failure" in outcome;
}
