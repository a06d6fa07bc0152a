import { expect } from "vitest";
import { checkJsonSchema } from "../../helpers/check-json-schema.ts";
import type { BulkheadProject } from "./bulkhead-project.ts";
import type { ProgramResult } from "../../helpers/run-program.ts";
import { dockerOutput } from "./docker.ts";

/** What the stories read of `up --json` and `ps --json`. */
export interface UpPayload {
  readonly engine: string;
  readonly services: readonly { readonly name: string; readonly state: string }[];
  readonly access: readonly { readonly service: string; readonly kind: string; readonly url: string }[];
}

interface ProvePayload {
  readonly steps: readonly { readonly id: string; readonly ok: boolean | null; readonly evidence: string }[];
}

const proofSteps = 9;

/** The JSON that a command printed, which is as docs/schema says. */
export function payloadOf<T>(command: string, { stdout }: ProgramResult): T {
  const payload = JSON.parse(stdout) as T;
  expect(checkJsonSchema(command, payload)).toEqual([]);
  return payload;
}

/** `bulkhead prove`: every step succeeds, and none is left out. */
export async function expectProven(project: BulkheadProject): Promise<void> {
  const { steps } = payloadOf<ProvePayload>("prove", await project.bulkhead("--json", "prove"));
  expect(steps.filter(({ ok }) => ok !== true)).toEqual([]);
  expect(steps).toHaveLength(proofSteps);
}

/** The user interfaces of an access table are these services', and a GET of each address succeeds. */
export async function expectAnswers(access: UpPayload["access"], services: readonly string[]): Promise<void> {
  const interfaces = access.filter(({ kind }) => kind === "ui");
  expect(interfaces.map(({ service }) => service).toSorted()).toEqual(services.toSorted());
  for (const { url } of interfaces) expect((await fetch(url)).status).toBe(200);
}

/** Each service's container, running or not: another id is another container. */
export async function containersOf(project: BulkheadProject): Promise<Readonly<Record<string, string>>> {
  const format = '{{.Label "com.docker.compose.service"}} {{.ID}}';
  const text = await dockerOutput(["ps", "--all", "--filter", labelOf(project), "--format", format]);
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => line.split(" ") as [string, string]));
}

/** The services that have a running container. */
export async function runningOf(project: BulkheadProject): Promise<readonly string[]> {
  const text = await dockerOutput([
    "ps",
    "--filter",
    labelOf(project),
    "--format",
    '{{.Label "com.docker.compose.service"}}',
  ]);
  return text.split("\n").filter((line) => line !== "");
}

export async function volumesOf(project: BulkheadProject): Promise<readonly string[]> {
  const text = await dockerOutput(["volume", "ls", "--quiet", "--filter", labelOf(project)]);
  return text.split("\n").filter((line) => line !== "");
}

function labelOf({ name }: BulkheadProject): string {
  return `label=com.docker.compose.project=${name}`;
}

/** When each container was started last. */
export async function startedAt(ids: readonly string[]): Promise<readonly string[]> {
  return (await dockerOutput(["inspect", "--format", "{{.State.StartedAt}}", ...ids])).split("\n");
}
