import { request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { Duplex } from "node:stream";
import type { Http, HttpFailure, HttpRequest, HttpResponse } from "../ports/http.ts";
import { errorCode } from "./error-code.ts";

/** One new connection a request, straight to the address or over the line it dials: no proxy, no redirect, no pool. */
export const nodeHttp: Http = {
  async request(wanted) {
    if (wanted.dial === undefined) return send(wanted, undefined);
    try {
      return await send(wanted, await wanted.dial());
    } catch (error) {
      return failureOf(error as Error);
    }
  },
};

function send(wanted: HttpRequest, line: Duplex | undefined): Promise<HttpResponse | HttpFailure> {
  return new Promise((resolve) => {
    if (wanted.signal?.aborted === true) {
      line?.destroy();
      resolve({ failure: "aborted", reason: "aborted before the request" });
      return;
    }
    const url = new URL(wanted.url);
    const open = url.protocol === "https:" ? requestHttps : requestHttp;
    const body = wanted.body === undefined ? undefined : Buffer.from(wanted.body);
    const headers = {
      ...wanted.headers,
      ...(body === undefined ? {} : { "content-length": String(body.length) }),
    };
    const connection = line === undefined ? { agent: false } : { createConnection: () => line };
    const outgoing = open(url, { method: wanted.method ?? "GET", headers, ...connection });

    // Over the whole exchange: a server that sends a byte now and then must not hold us.
    const timer = setTimeout(() => {
      finish({ failure: "timeout", reason: `no complete answer within ${wanted.timeoutMs} ms` });
    }, wanted.timeoutMs);
    const onAbort = (): void => finish({ failure: "aborted", reason: "aborted" });
    const finish = (outcome: HttpResponse | HttpFailure): void => {
      clearTimeout(timer);
      wanted.signal?.removeEventListener("abort", onAbort);
      resolve(outcome);
      outgoing.destroy();
    };
    wanted.signal?.addEventListener("abort", onAbort, { once: true });

    outgoing.on("error", (error) => finish(failureOf(error)));
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", (error) => finish(failureOf(error)));
      incoming.on("end", () => finish(responseOf(incoming, Buffer.concat(chunks))));
    });
    outgoing.end(body);
  });
}

function responseOf(incoming: IncomingMessage, bytes: Buffer): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    status: incoming.statusCode ?? 0,
    headers,
    cookies: incoming.headers["set-cookie"] ?? [],
    text: bytes.toString("utf8"),
    bytes: new Uint8Array(bytes),
  };
}

function failureOf(error: Error): HttpFailure {
  return { failure: failureKind(errorCode(error)), reason: reasonOf(error) };
}

function failureKind(code: string | undefined): HttpFailure["failure"] {
  switch (code) {
    case "ECONNREFUSED":
      return "refused";
    case "ECONNRESET":
    case "EPIPE":
      return "reset";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "unresolved";
    case "ETIMEDOUT":
      return "timeout";
    default:
      return "other";
  }
}

function reasonOf(error: Error): string {
  // A name with several addresses fails with one error for each and no message of its own.
  if (error instanceof AggregateError) {
    return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  }
  return error.message;
}
