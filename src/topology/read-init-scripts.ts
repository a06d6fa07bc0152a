import { applyClientCall, type ClientSession } from "./apply-client-call.ts";
import { readCommand } from "./read-command.ts";
import { applySql, type ServerContent } from "./server-content.ts";
import type { ServiceView } from "./service-view.ts";
import type { InitScript, Invocation } from "./topology.ts";
import { traceImage, type TracedText } from "./traced-text.ts";

const directory = "/docker-entrypoint-initdb.d";

/**
 * Reads `/docker-entrypoint-initdb.d` in the order the image runs it (docker-entrypoint.sh, docker_process_init_files):
 * SQL in POSTGRES_DB as the superuser, shell scripts with the service's environment. What cannot be read is a gap.
 */
export function readInitScripts(
  content: ServerContent,
  view: ServiceView,
  superuser: string,
  database: string,
): readonly InitScript[] {
  const { names, unread } = view.files.list(directory);
  for (const reason of unread) content.gaps.add(reason);
  for (const { text } of view.role.dockerfile?.foreign ?? []) {
    if (text.includes(directory))
      content.gaps.add(`the Dockerfile makes init scripts by \`${text.split(/\s+/)[0] ?? ""}\``);
  }
  const scripts: InitScript[] = [];
  for (const name of names) {
    const target = `${directory}/${name}`;
    const file = view.files.read(target);
    if (!/\.(sh|sql|sql\.gz|sql\.xz|sql\.zst)$/.test(name)) continue;
    if (file.kind !== "text") {
      content.gaps.add(file.reason);
      continue;
    }
    scripts.push({ target, file: file.file, from: file.from });
    const session: ClientSession = {
      by: "init-script",
      service: view.name,
      worksOnExistingData: false,
      where: file.file ?? target,
      files: view.files,
      user: superuser,
      database,
    };
    if (name.endsWith(".sql")) applyFile(content, session, file.text);
    else if (name.endsWith(".sh")) applyScript(content, session, view, target, database);
    else content.gaps.add(`${session.where} is compressed`);
  }
  return scripts;
}

function applyFile(content: ServerContent, session: ClientSession, text: TracedText): void {
  const include = (path: string): TracedText | undefined => {
    const file = session.files.read(path.startsWith("/") ? path : `${directory}/${path}`);
    return file.kind === "text" ? file.text : undefined;
  };
  applySql(content, { ...session, include }, text);
}

function applyScript(
  content: ServerContent,
  session: ClientSession,
  view: ServiceView,
  target: string,
  database: string,
): void {
  const environment = new Map(view.role.environmentText);
  // The image sets the defaults before it runs scripts.
  if ((environment.get("POSTGRES_USER")?.text ?? "") === "") environment.set("POSTGRES_USER", traceImage(session.user));
  if ((environment.get("POSTGRES_DB")?.text ?? "") === "") environment.set("POSTGRES_DB", traceImage(database));
  const reading = readCommand([traceImage("/bin/bash"), traceImage(target)], {
    service: view.name,
    image: "postgres",
    environment,
    files: view.files,
    workingDirectory: "/",
  });
  for (const gap of reading.gaps) content.gaps.add(gap);
  for (const invocation of reading.invocations) {
    // psql itself takes the role's name for the database; the image's helper names POSTGRES_DB.
    const isHelper = invocation.program === "docker_process_sql";
    if (mayConnect(invocation)) content.gaps.add(`${session.where} runs ${invocation.program}, which cannot be read`);
    applyClientCall(content, isHelper ? session : { ...session, database: session.user }, invocation);
  }
}

/** Programs that can make databases by other means than psql's: pg_restore, interpreters, whatever the project brings. */
function mayConnect({ program, words }: Invocation): boolean {
  const path = words[0]?.text ?? "";
  const isOwn = path.includes("/") && !/^\/(usr\/)?s?bin\//.test(path);
  return isOwn || /^(pg_restore|python3?|perl|ruby|node|php|gosu|su|sudo|bash|sh)$/.test(program);
}
