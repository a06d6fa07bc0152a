import type { DatabasePicture } from "./database-picture.ts";
import type { AppShare, DatabaseVerdict } from "./database-verdict.ts";
import { tellsOf } from "./find-owners.ts";
import { judgeCompartment } from "./judge-compartment.ts";
import { joinWords, judgement, ownerTitles, titleOf, type JudgeContext, type Judgement } from "./judgement.ts";
import { quoteName } from "./quote-sql.ts";
import { readCompartments, type Compartment, type Share } from "./read-compartments.ts";

/**
 * Whose a database is, which of the states of docs/database-states.md it is in, and what to do. Pure: the picture and
 * what is known of revisions decide, a version row alone never does.
 *
 * @param given what the project tells: revisions of its installed packages, how its commands name the database, the
 *   schemas and roles of its connections
 */
export function judgeDatabase(picture: DatabasePicture, given: Partial<JudgeContext> = {}): DatabaseVerdict {
  const context: JudgeContext = {
    installed: given.installed ?? {},
    subject: given.subject ?? picture.name,
    roles: given.roles ?? {},
    visibleSchemas: ["public", ...(given.visibleSchemas ?? []), ...picture.searchedSchemas],
  };
  const compartments = readCompartments(picture, context.installed);
  return {
    ...judgeAll(picture, compartments, context),
    shares: compartments.flatMap(({ shares }) => shares.map(shareOf)),
    strangers: compartments.flatMap(({ strangers, others }) =>
      strangers.map(({ schema, name }) => ({ schema, name, tells: tellsOf({ name }, others) })),
    ),
  };
}

function judgeAll(picture: DatabasePicture, compartments: readonly Compartment[], context: JudgeContext): Judgement {
  const shares = compartments.flatMap((compartment) => compartment.shares);
  const judged = compartments.map((compartment) => ({ compartment, verdict: judgeCompartment(compartment, context) }));
  const elsewhere = judgePlace(picture, shares, compartments, context);
  const faulty = judged.find(({ verdict }) => verdict.isFaulty && verdict.state !== null);
  if (elsewhere !== undefined && (faulty === undefined || faulty.verdict.state === 18)) return elsewhere;
  const [first, ...more] = judged.filter(({ compartment }) => compartment.shares.length > 0);
  const worst = faulty ?? judged.find(({ verdict }) => verdict.isFaulty) ?? first ?? judged[0];
  if (worst === undefined) return emptyDatabase();
  if (worst.verdict.isFaulty || more.length === 0) return worst.verdict;
  return judgement({
    certain: judged.every(({ verdict }) => verdict.certain),
    isFaulty: false,
    fact: `${joinWords(shares.map((share) => `${titleOf(share)} in schema ${share.schema}`))}, apart from each other.`,
    because: judged.flatMap(({ verdict }) => verdict.because),
    next: ["Nothing, as long as each application's search_path names its own schema only."],
  });
}

function emptyDatabase(): Judgement {
  return judgement({
    state: 1,
    isFaulty: false,
    fact: "Empty: no application was here yet.",
    because: ["There is no table in it."],
    next: ["Give each application a database of its own before its first start."],
  });
}

/** Tables that their application does not find, or may not change. */
function judgePlace(
  picture: DatabasePicture,
  shares: readonly Share[],
  compartments: readonly Compartment[],
  { visibleSchemas, roles }: JudgeContext,
): Judgement | undefined {
  for (const share of shares) {
    const versionTables = picture.versionTables.filter(({ schema }) => schema === share.schema);
    const owned = [...share.pictures, ...(compartmentOf(share, compartments).shares.length === 1 ? versionTables : [])];
    const owners = [...new Set(owned.map(({ owner }) => owner))].toSorted();
    if (owners.length > 1) return differentOwners(share, owners, owned);
    const role = roles[share.owner];
    const [only] = owners;
    if (role !== undefined && only !== undefined && !role.actsAs.includes(only))
      return foreignOwner(share, only, role.name, picture.name);
  }
  const hidden = shares.find(({ schema, isSkeleton }) => !isSkeleton && !visibleSchemas.includes(schema));
  if (hidden === undefined) return undefined;
  const { schema, owner } = hidden;
  const title = ownerTitles[owner];
  const [first] = hidden.tables;
  return judgement({
    state: 20,
    certain: false,
    fact: `${titleOf(hidden)} is in schema ${schema}, which no search_path of this database names.`,
    because: [`${hidden.tables.length} tables of ${title} are in schema ${schema}.`],
    printed: `(psycopg2.errors.UndefinedTable) relation "${first?.name ?? "alembic_version"}" does not exist`,
    next: [
      `If ${title}'s URL does not name the schema (options=-csearch_path%3D${encodeURIComponent(schema)}), give its role one: ALTER ROLE ... IN DATABASE ${quoteName(picture.name)} SET search_path = ${quoteName(schema)};`,
    ],
  });
}

function differentOwners(
  share: Share,
  owners: readonly string[],
  tables: readonly { readonly name: string; readonly owner: string }[],
): Judgement {
  const counts = owners.map((owner) => ({ owner, own: tables.filter((table) => table.owner === owner) }));
  const [most, least] = counts.toSorted((a, b) => b.own.length - a.own.length);
  const name = least?.own[0]?.name ?? "";
  return judgement({
    state: 20,
    fact: `${titleOf(share)}, whose tables belong to different roles: ${joinWords(owners)}.`,
    because: counts.map(({ owner, own }) => `${own.length} tables belong to ${owner}.`),
    printed: `(psycopg2.errors.InsufficientPrivilege) must be owner of table ${name}`,
    next: [
      `Give all of them to the role ${ownerTitles[share.owner]} logs in as, as a superuser, table by table: ALTER TABLE ${quoteName(share.schema)}.${quoteName(name)} OWNER TO ${quoteName(most?.owner ?? "")};`,
    ],
  });
}

function foreignOwner(share: Share, owner: string, role: string, database: string): Judgement {
  const [first] = share.tables;
  return judgement({
    state: 20,
    fact: `${titleOf(share)}, whose tables belong to ${owner}, while it logs in as ${role}.`,
    because: [`${share.tables.length} tables belong to ${owner}; ${role} may not act as ${owner}.`],
    printed: `(psycopg2.errors.InsufficientPrivilege) must be owner of table ${first?.name ?? "alembic_version"}`,
    next: [
      `Let ${ownerTitles[share.owner]} log in as ${owner}, or as a superuser of ${database}: GRANT ${quoteName(owner)} TO ${quoteName(role)};`,
    ],
  });
}

function compartmentOf(share: Share, compartments: readonly Compartment[]): Pick<Compartment, "shares"> {
  return compartments.find(({ schema }) => schema === share.schema) ?? { shares: [] };
}

function shareOf({ owner, schema, tables, isSkeleton, revision }: Share): AppShare {
  return { owner, schema, tables, isSkeleton, revision };
}
