import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a registry answers for an image's manifest. */
export type RegistryAnswer = "not-found" | "too-many" | "other-platform";

const answers: Readonly<
  Record<RegistryAnswer, { readonly status: number; readonly body: object; readonly type?: string }>
> = {
  "not-found": { status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] } },
  "too-many": {
    status: 429,
    body: { errors: [{ code: "TOOMANYREQUESTS", message: "You have reached your pull rate limit." }] },
  },
  "other-platform": {
    status: 200,
    type: "application/vnd.docker.distribution.manifest.list.v2+json",
    body: {
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
      manifests: [
        {
          mediaType: "application/vnd.docker.distribution.manifest.v2+json",
          size: 1,
          digest: `sha256:${"0".repeat(64)}`,
          platform: { architecture: "s390x", os: "linux" },
        },
      ],
    },
  },
};

/** An image registry on this machine, which engines ask without TLS. `host`: what stands before an image's name. */
export async function startRegistry(answer: RegistryAnswer): Promise<{ readonly host: string } & AsyncDisposable> {
  const { status, body, type = "application/json" } = answers[answer];
  const server = createServer((request, response) => {
    const isPing = request.url === "/v2/";
    response.writeHead(isPing ? 200 : status, { "content-type": isPing ? "application/json" : type });
    response.end(isPing ? "{}" : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
