import { expect, it } from "vitest";
import { parseServerFacts } from "./server-facts.ts";

it("reads what a container's shell prints", () => {
  const text = `1048576
psql (PostgreSQL) 17.2 (Debian 17.2-1.pgdg120+1)
Filesystem     1024-blocks     Used Available Capacity Mounted on
shm                  65536     1024     64512       2% /dev/shm
/dev/vda1         81106868 49026332  32064152      61% /var/lib/postgresql/data
`;
  expect(parseServerFacts(text)).toEqual({
    free: { "/dev/shm": 64_512 * 1024, "/var/lib/postgresql/data": 32_064_152 * 1024 },
    openFiles: 1_048_576,
    clients: "17.2",
  });
});

it("does without psql and limits", () => {
  const text = "unlimited\n\nFilesystem 1024-blocks Used Available Capacity Mounted on\n";
  expect(parseServerFacts(text)).toEqual({ free: {}, openFiles: Number.POSITIVE_INFINITY, clients: undefined });
});
