import type { ContainerFiles } from "./container-file.ts";
import { readClientCall, type ClientCall } from "./read-psql.ts";
import { applyEffect, applySql, unknownPart, type ServerContent, type SqlSession } from "./server-content.ts";
import type { Invocation } from "./topology.ts";

/** What a client program is run as. */
export interface ClientSession extends Pick<SqlSession, "by" | "service" | "worksOnExistingData" | "where"> {
  readonly files: ContainerFiles;
  /** Role and database where the call names none. */
  readonly user: string;
  readonly database: string;
}

/** What one psql, createdb or createuser makes in a server. Nothing for other programs. */
export function applyClientCall(content: ServerContent, base: ClientSession, invocation: Invocation): void {
  const call = readClientCall(invocation);
  if (call === undefined) return;
  const session = openSession(base, call);
  if (call.program === "psql") {
    if (call.scripts.length === 0 && call.files.length === 0) {
      content.gaps.add(`${base.where} runs psql with input that cannot be read`);
    }
    for (const script of call.scripts) {
      const reason = unknownPart(script);
      const isOpaque = reason !== undefined && script.pieces.length === 1;
      if (isOpaque) content.gaps.add(`${base.where}: ${reason}`);
      else applySql(content, session, script, call.variables);
    }
    for (const file of call.files) {
      const text = session.include(file.text);
      if (text === undefined) content.gaps.add(`${base.where} runs ${file.text}, which cannot be read`);
      else applySql(content, session, text, call.variables);
    }
    return;
  }
  const name = call.name;
  if (name === undefined) return;
  if (call.program === "createdb") {
    applyEffect(content, session, { kind: "create-database", name: name.text, owner: call.owner?.text, text: name });
    return;
  }
  applyEffect(content, session, {
    kind: "role",
    name: name.text,
    isNew: true,
    password: undefined,
    superuser: call.superuser,
    canLogin: true,
    text: name,
  });
}

function openSession(base: ClientSession, call: ClientCall): SqlSession {
  const user = call.user ?? base.user;
  return {
    by: base.by,
    service: base.service,
    worksOnExistingData: base.worksOnExistingData,
    where: base.where,
    user,
    database: call.database ?? base.database,
    include: (path) => {
      const file = base.files.read(path.startsWith("/") ? path : `/docker-entrypoint-initdb.d/${path}`);
      return file.kind === "text" ? file.text : undefined;
    },
  };
}
