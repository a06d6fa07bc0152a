import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { createTemporaryDirectory } from "./temporary-directory.ts";

interface Container {
  readonly name: string;
  readonly Config: unknown;
}

/**
 * Answers as a Docker Engine that has every image and whose containers run at once, without a health: enough for the real
 * `docker compose up` to come to what it says by itself about the files. `host` is for DOCKER_HOST.
 */
export async function startAnsweringEngine(): Promise<AsyncDisposable & { readonly host: string }> {
  const temporary = await createTemporaryDirectory();
  const containers = new Map<string, Container>();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const [status, answer] = answerCall(
        request.method ?? "",
        new URL(request.url ?? "", "http://engine"),
        body,
        containers,
      );
      response.writeHead(status, { "Content-Type": "application/json", "Api-Version": "1.47", Ostype: "linux" });
      response.end(answer === undefined ? "" : JSON.stringify(answer));
    });
  });
  const socket = join(temporary.path, "engine.sock");
  server.listen(socket);
  await once(server, "listening");
  return {
    host: `unix://${socket}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await temporary.remove();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  return body;
}

/** Source: Docker Engine API 1.47. */
function answerCall(
  method: string,
  { pathname, searchParams }: URL,
  body: string,
  containers: Map<string, Container>,
): readonly [status: number, answer?: unknown] {
  const path = pathname.replace(/^\/v[\d.]+/, "");
  const [, kind, id = "", action] = path.split("/");
  if (path === "/_ping") return [200, "OK"];
  if (path === "/volumes" || path === "/networks") {
    return [200, kind === "volumes" ? { Volumes: [] } : []];
  }
  if (method === "POST" && id === "create" && kind !== "containers") {
    const { Name } = JSON.parse(body) as { Name: string };
    return [201, { Name, Id: Name }];
  }
  if (kind === "images" && path.endsWith("/json")) return [200, { Id: "sha256:0", Config: {} }];
  if (path === "/containers/json") {
    return [
      200,
      [...containers].map(([key, { name, Config }]) => ({ ...(Config as object), Id: key, Names: [`/${name}`] })),
    ];
  }
  if (path === "/containers/create") {
    const key = `c${containers.size}`;
    containers.set(key, { name: searchParams.get("name") ?? key, Config: JSON.parse(body) });
    return [201, { Id: key, Warnings: [] }];
  }
  const found = kind === "containers" ? containers.get(id) : undefined;
  if (found !== undefined && action === "start") return [204];
  if (found !== undefined && action === "json") {
    const State = { Status: "running", Running: true };
    return [200, { Id: id, Name: `/${found.name}`, State, Config: found.Config, HostConfig: {}, NetworkSettings: {} }];
  }
  return [404, { message: `there is no ${path}` }];
}
