import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { nodeSql } from "../../src/node/node-sql.ts";

const login = { host: "127.0.0.1", user: "airflow", password: "secret", database: "airflow" };

describe("connect", () => {
  it("says refused where nobody listens", async () => {
    expect(await nodeSql.connect({ ...login, port: 1 })).toMatchObject({ failure: "refused", sqlState: undefined });
    expect(await nodeSql.connect({ ...login, host: "/no/such/directory", port: 5432 })).toMatchObject({
      failure: "refused",
    });
  });

  it("gives up on a listener that never answers", async () => {
    const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await nodeSql.connect({ ...login, port, connectTimeoutMs: 100 })).toMatchObject({ failure: "timeout" });
    server.close();
    await once(server, "close");
  });

  it.each([
    ["28P01", "password"],
    ["28000", "role"],
    ["3D000", "database"],
    ["42501", "permission"],
    ["57P03", "starting"],
    ["53300", "other"],
  ])("translates SQLSTATE %s to %s", async (sqlState, failure) => {
    const server = createServer((socket) => {
      socket.once("data", () => socket.end(errorResponse(sqlState)));
      socket.on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const outcome = await nodeSql.connect({ ...login, port });
    server.close();
    expect(outcome).toEqual({ failure, sqlState, reason: `refused with ${sqlState}` });
  });

  it("does not take a password from the environment", async () => {
    const asked: string[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      // AuthenticationCleartextPassword; the next message is the password.
      socket.once("data", () => {
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        socket.once("data", (data) => {
          asked.push(data.subarray(5, -1).toString());
          socket.end(errorResponse("28P01"));
        });
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    process.env["PGPASSWORD"] = "from the host";
    try {
      const outcome = await nodeSql.connect({ host: "127.0.0.1", port, user: "airflow", database: "airflow" });
      expect(outcome).toMatchObject({ failure: "password" });
    } finally {
      delete process.env["PGPASSWORD"];
      server.close();
    }
    expect(asked).toEqual([""]);
  });
});

/** ErrorResponse of the PostgreSQL protocol (manual, 55.7). */
function errorResponse(sqlState: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0Mrefused with ${sqlState}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
