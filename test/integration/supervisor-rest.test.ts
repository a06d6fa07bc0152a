import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { UnitCheck } from "../../src/engine/native/unit.ts";
import { createHarness, untilStatus } from "./supervisor-harness.ts";

/** How long the resting supervisor is watched. The bench measures 60 s against tighter bounds. */
const watchedMs = 12_000;
const ticksPerSecond = 100;

it("costs next to nothing at rest, with eight units and their checks", async () => {
  const harness = await createHarness();
  const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
  try {
    const client = await harness.connect();
    const { port } = server.address() as AddressInfo;
    const services = Array.from({ length: 8 }, (_, index) => `unit-${index}`);
    for (const service of services) {
      const check: UnitCheck = {
        test: { kind: "http", url: `http://127.0.0.1:${port}/health`, expectStatus: [200] },
        intervalMs: 5000,
        timeoutMs: 60_000,
        retries: 3,
        startPeriodMs: 0,
      };
      await client.start(harness.spec(service, ["sleep", "300"], { check, restart: { when: "always" } }));
    }
    for (const service of services) await untilStatus(client, service, ({ health }) => health === "healthy");
    client.close();
    const { pid } = client.hello;
    const before = cpuSeconds(pid);
    await sleep(watchedMs);
    const share = (cpuSeconds(pid) - before) / (watchedMs / 1000);
    const mebibytes = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
    process.stdout.write(`supervisor at rest: ${mebibytes.toFixed(1)} MiB, ${(share * 100).toFixed(2)} % of a CPU\n`);
    expect(mebibytes).toBeLessThan(70);
    expect(share).toBeLessThan(0.02);
  } finally {
    server.close();
    await harness.dispose();
  }
});

function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
