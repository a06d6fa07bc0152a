import { expect, it } from "vitest";
import { inspectServer } from "./inspect-server.ts";

it.each([
  [90_624, "db is PostgreSQL 9; 10 to 18 can be read.", /pg_dumpall of a newer major/],
  [190_001, "db is PostgreSQL 19; 10 to 18 can be read.", /npm install -g bulkhead@latest/],
])(
  "refuses a server of version %i before it asks for anything that it may not know",
  async (version, message, hint) => {
    const asked: string[] = [];
    const session = {
      query: (text: string) => {
        asked.push(text);
        return Promise.resolve([{ version }]);
      },
      close: () => Promise.resolve(),
    };
    await expect(inspectServer(session, { label: "db" })).rejects.toMatchObject({
      code: "VERSION_UNKNOWN",
      message,
      hint: expect.stringMatching(hint) as string,
    });
    expect(asked).toHaveLength(1);
  },
);
