// `up` of a new and of a stopped project against the same stack started by hand, in pairs that take turns.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { awaitIdle } from "./await-idle.mjs";
import { layOutByHand, startByHand, stopByHand } from "./by-hand.mjs";

/**
 * @param {{ projects: ReturnType<import("./bench-projects.mjs").benchProjects>, work: string, pairs: number,
 *   stopped: boolean, samples: Record<string, number[]>, note: (text: string) => void, signal: AbortSignal }} facts
 *   `stopped`: whether the second start is measured too; `samples`: seconds are added to `up`, `upByHand`, `stopped`,
 *   `stoppedByHand` and the idle share before each start to `idleBefore`
 * @throws what a command or the script ended with; the stack is down then
 */
export async function measureStarts(facts) {
  const supplies = await fillCaches(facts);
  for (let pair = 0; pair < facts.pairs; pair += 1) {
    const sides = [() => startOurs(facts, `pair${pair}`), () => startTheirs(facts, `hand${pair}`, supplies)];
    for (const side of pair % 2 === 0 ? sides : sides.toReversed()) await side();
  }
}

/** "Another project" fills the cache of templates and the page cache; gives where the programs lie that it ran. */
async function fillCaches({ projects, note }) {
  note("filling the caches");
  return await projects.inProject("filler", async (project) => {
    projects.up(project);
    return projects.readSupplies("filler");
  });
}

async function startOurs({ projects, stopped, samples, note, signal }, name) {
  await projects.inProject(name, async (project) => {
    const measure = async (list) => {
      samples.idleBefore.push(await awaitIdle({ note, signal }));
      list.push(projects.up(project));
    };
    await measure(samples.up);
    if (stopped) {
      projects.run(project, "stop");
      await measure(samples.stopped);
    }
  });
  note(`bulkhead: ${last(samples.up)} s new, ${last(samples.stopped)} s stopped`);
}

async function startTheirs({ projects, work, stopped, samples, note, signal }, name, supplies) {
  const project = projects.make(`${name}-project`);
  const { services } = JSON.parse(projects.run(project, "config", "--format", "json"));
  const stack = await layOutByHand({
    directory: join(work, name),
    projectDirectory: project,
    services,
    supplies,
    user: process.getuid() === 0 ? account("nobody") : undefined,
  });
  const measure = async (list, mode) => {
    samples.idleBefore.push(await awaitIdle({ note, signal }));
    try {
      list.push(await startByHand(stack, mode, signal));
    } finally {
      await stopByHand(stack);
    }
  };
  await measure(samples.upByHand, "new");
  if (stopped) await measure(samples.stoppedByHand, "again");
  rmSync(stack.directory, { recursive: true });
  note(`by hand: ${last(samples.upByHand)} s new, ${last(samples.stoppedByHand)} s stopped`);
}

function account(name) {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((text) => text.startsWith(`${name}:`));
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

function last(list) {
  return list.at(-1)?.toFixed(1) ?? "-";
}
