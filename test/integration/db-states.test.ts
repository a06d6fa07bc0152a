import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRelease } from "../../src/catalog/find-release.ts";
import { airflowReleases } from "../../src/catalog/airflow/versions.ts";
import type { JudgeContext } from "../../src/postgres/judgement.ts";
import { inspectDatabase } from "../../src/postgres/inspect-database.ts";
import { judgeDatabase } from "../../src/postgres/judge-database.ts";
import type { DatabaseVerdict } from "../../src/postgres/database-verdict.ts";
import {
  lookAtState,
  statePairs,
  type MadeState,
  type StateNumber,
  type StatePair,
} from "../helpers/database-states.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

let servers: Readonly<Record<13 | 17, TestServer>>;

beforeAll(async () => {
  const [older, newer] = await Promise.all([startTestServer(13), startTestServer(17)]);
  servers = { 13: older, 17: newer };
});

afterAll(async () => {
  for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
});

async function judge(
  state: StateNumber,
  pair: StatePair,
  given: Partial<JudgeContext> = {},
): Promise<{ made: Pick<MadeState, "revisions">; verdict: DatabaseVerdict }> {
  const server = servers[pair === statePairs["3"] || state === 9 ? 17 : 13];
  return lookAtState(state, pair, server, async (session, made) => ({
    made,
    verdict: judgeDatabase(await inspectDatabase(session), given),
  }));
}

/** Fingerprints by application, for those whose revision the state tells. */
function revisionsOf(verdict: DatabaseVerdict): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    verdict.shares.map(({ owner, revision }) => [
      owner,
      [revision.fingerprint, ...revision.alsoFits].flatMap((id) => id ?? []),
    ]),
  );
}

/** The histories of a release, as an environment records them. */
function installed(version: string): Partial<JudgeContext> {
  const { alembicHeads, revisions } = findRelease(airflowReleases, version);
  return { installed: { airflow: { heads: alembicHeads, revisions: revisions.map(({ id }) => id) } } };
}

describe.each(Object.entries(statePairs))("databases of the pair %s", (_, pair) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 17] as const)("are told for state %s, with their revisions", async (state) => {
    const { made, verdict } = await judge(state, pair);
    expect({ state: verdict.state, certain: verdict.certain, fact: verdict.fact }).toEqual({
      state,
      certain: true,
      fact: expect.any(String) as string,
    });
    for (const [owner, revision] of Object.entries(made.revisions)) {
      expect(revisionsOf(verdict)[owner]).toContain(revision);
    }
    expect(verdict.isFaulty).toBe(![1, 2, 4].includes(state));
    expect(verdict.strangers).toEqual([]);
  });

  it("look the same before and after Airflow was reset, when MLflow's row is gone", async () => {
    const { verdict } = await judge("4b", pair);
    expect(verdict).toMatchObject({ state: 18, certain: true, isFaulty: true });
  });
});

describe("what one pair is recorded with", () => {
  it("is told when the application logs in as another role than the tables' owner", async () => {
    const role = { name: "airflow", actsAs: ["airflow"] };
    const { verdict } = await judge(20, statePairs["2.7"], { roles: { airflow: role } });
    expect(verdict).toMatchObject({ state: 20, certain: true, isFaulty: true });
    expect(verdict.fact).toContain("belong to somebody else, while it logs in as airflow");
  });

  it("finds the revision of tables beside which a newer release made its own", async () => {
    const { made, verdict } = await judge(10, statePairs["2.10"]);
    expect(verdict.fact).toContain(`those of the older revision ${made.revisions.airflow}`);
    expect(verdict.next.join("\n")).toContain('DROP TABLE "public"."dag_priority_parsing_request", ');
  });

  it.each([
    [9, false, {}],
    [10, false, {}],
    [11, true, installed("2.7.0")],
    [12, true, installed("2.10.5")],
    [13, true, {}],
    [14, true, {}],
    [15, true, {}],
    [16, false, {}],
    [18, true, {}],
    [19, false, {}],
    [21, true, {}],
  ] as const)("is told for state %s", async (state, certain, given) => {
    const { verdict } = await judge(state, statePairs["2.10"], given);
    expect({ state: verdict.state, certain: verdict.certain, fact: verdict.fact }).toEqual({
      state,
      certain,
      fact: expect.any(String) as string,
    });
    expect(verdict.isFaulty).toBe(state !== 21);
    expect(verdict.refusal === undefined).toBe(state !== 15 && state !== 16);
  });
});
