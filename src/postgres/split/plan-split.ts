import type { Plan } from "../../plan/step.ts";
import { createPlanBuilder, type PlanBuilder } from "./plan-builder.ts";
import { planSide } from "./plan-side.ts";
import { keptMark } from "./kept-original.ts";
import type { SplitRequest, SplitSide } from "./split-request.ts";
import type { CopyRef } from "./split-steps.ts";

/**
 * The steps that separate a database. The original is closed, copied once for each side, and set aside under another name;
 * each copy loses what is the other's, gets its rows, owners and rights, goes to its server and is compared with the
 * original. Only then the copies get their names, the files name them, and the applications are asked.
 */
export function planSplit(request: SplitRequest): Plan {
  const { id, facts, sides, keptAs, terminate, project } = request;
  const { oid, name, comment, allowsConnections, settings, owner } = facts.database;
  const builder = createPlanBuilder();
  const { add } = builder;
  const claimed = add(
    "claim-database",
    { oid, comment: comment ?? null, mark: openMark(request) },
    { after: [], title: `note in ${name} that it is being split` },
  );
  const writers = project?.writers ?? [];
  const title = `stop ${writers.join(", ")}`;
  const stopped =
    writers.length === 0
      ? claimed
      : add("stop-writers", { services: writers, running: project?.running ?? [] }, { after: [claimed], title });
  const closed = add(
    "close-database",
    { oid, name, allowed: allowsConnections, terminate },
    { after: [stopped], title: `let nobody into ${name}` },
  );
  const copies = sides
    .filter(({ isEmpty, service }) => !isEmpty || service === undefined)
    .map((side) => {
      const copy = copyFor(request, side);
      const strategy = facts.server.version >= 150_000 ? ("FILE_COPY" as const) : null;
      // Put back in the reverse order: a role that still has objects cannot be dropped.
      const role = makeRole(request, side, claimed, builder);
      const place = makePlace(request, side, claimed, builder);
      const copied = add(
        "copy-database",
        { oid, copy, strategy, owner, empty: side.isEmpty },
        {
          about: side.part,
          after: [closed, ...role],
          title: side.isEmpty ? `make a database for ${side.part}` : `copy ${name} for ${side.part}`,
        },
      );
      return { side, copy, ready: [copied], place };
    });
  const readOnly = settings.find((one) => one.role === undefined && one.name === "default_transaction_read_only");
  const aside = add(
    "set-aside",
    { oid, from: name, to: keptAs, readOnly: readOnly?.value ?? null },
    { after: copies.flatMap(({ ready }) => ready), title: `set ${name} aside as ${keptAs}` },
  );
  const dumped =
    request.dump === undefined
      ? []
      : [
          add(
            "dump-original",
            { oid, path: request.dump },
            { after: [aside], title: `dump ${keptAs} to ${request.dump}` },
          ),
        ];
  const files = project?.files ?? [];
  const editing = { after: [aside], title: `edit ${files.map(({ path }) => path).join(", ")}` };
  const newServers = project?.newServers ?? [];
  // The new server's service stands in the edited files alone.
  const edited = newServers.length > 0 ? add("edit-files", { files }, editing) : undefined;
  const started =
    edited === undefined
      ? undefined
      : add("start-servers", { services: newServers }, { after: [edited], title: `start ${newServers.join(", ")}` });
  const verified = copies.map(({ place, ...one }) =>
    planSide(request, builder, { ...one, aside, started: started === undefined ? place : [started] }),
  );
  const here = copies.filter(({ side }) => side.service === undefined);
  const there = copies.filter(({ side }) => side.service !== undefined);
  const swapped = add(
    "swap-in",
    { copies: here.map(({ copy }) => copy) },
    { after: [...verified, ...dumped], title: `put ${here.map(({ side }) => side.database).join(" and ")} in place` },
  );
  // A new server may have nothing copied to it: what was there was the rest of a failed start.
  const settled = started === undefined ? [swapped] : [swapped, started];
  if (edited === undefined && files.length > 0)
    settled.push(add("edit-files", { files }, { ...editing, after: [swapped] }));
  for (const { copy, side } of there) {
    settled.push(
      add(
        "drop-copy",
        { copy },
        { about: side.part, after: [swapped], title: `remove the copy that ${side.service} has now` },
      ),
    );
  }
  const asked = project === undefined ? settled : startAgain(request, builder, settled);
  add(
    "release-database",
    {
      oid,
      mark: keptMark(name),
      copies: here.map(({ copy, side }) => ({ copy, comment: side === sides[0] ? (comment ?? null) : null })),
    },
    { after: asked, title: `note in ${keptAs} what it is` },
  );
  return { id, command: "db split", steps: builder.steps };
}

function openMark({ journal }: SplitRequest): string {
  return `"bulkhead db split" of this database is open. Its journal is ${journal}. Finish it with: bulkhead db split --resume; or put it back with: bulkhead db split --undo`;
}

/** A name that nobody else uses: a database that has it is this plan's. */
function copyFor({ id }: SplitRequest, { part, database }: SplitSide): CopyRef {
  return { part, work: `bulkhead ${id} ${part}`, final: database, verifiedBy: `verify-copy ${part}` };
}

function makeRole(
  { facts, id }: SplitRequest,
  { role, service }: SplitSide,
  claimed: string,
  { add }: PlanBuilder,
): readonly string[] {
  if (role === undefined || service !== undefined || facts.roles.some(({ name }) => name === role)) return [];
  return [
    add("create-role", { role, mark: markOf(id) }, { about: role, after: [claimed], title: `make the role ${role}` }),
  ];
}

/** A database for a part on a server that is there. */
function makePlace(
  { id }: SplitRequest,
  { part, role, service, database, isServerThere }: SplitSide,
  claimed: string,
  { add }: PlanBuilder,
): readonly string[] {
  if (service === undefined || role === undefined || isServerThere !== true) return [];
  return [
    add(
      "create-database",
      { service, role, work: `bulkhead ${id}`, final: database, mark: markOf(id) },
      { about: part, after: [claimed], title: `make a database for ${part} on ${service}` },
    ),
  ];
}

function markOf(id: string): string {
  return `Made by "bulkhead db split", ${id}`;
}

function startAgain(
  { sides, project }: SplitRequest,
  { add }: PlanBuilder,
  after: readonly string[],
): readonly string[] {
  const services = project?.start ?? [];
  if (services.length === 0) return after;
  const started = add("start-stack", { services }, { after, title: `start ${services.join(", ")}` });
  const parts = sides.filter(({ isEmpty }) => !isEmpty).map(({ part }) => part);
  return [
    add("ask-applications", { parts }, { after: [started], title: `ask ${parts.join(" and ")} about their databases` }),
  ];
}
