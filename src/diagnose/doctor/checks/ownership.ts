import { join } from "node:path";
import { quoteWord } from "../../../core/quote-word.ts";
import type { FileFacts, Files } from "../../../ports/files.ts";
import type { Service } from "../../../compose/project.ts";
import type { DoctorAnswer, DoctorCheck, DoctorFix } from "../doctor-check.ts";
import type { DoctorPlace, StackPlace } from "../doctor-place.ts";
import { giveTree } from "../give-tree.ts";

/** Folders below AIRFLOW_HOME that projects mount; Airflow writes to the first only. */
const FOLDERS = ["logs", "dags", "plugins"] as const;

/** Mounted folders of Airflow are there, and its account reads the DAGs and writes the logs (airflow #17320). */
export const ownership: DoctorCheck = {
  id: "ownership",
  title: "Airflow folder",
  scope: "host",
  questions: ({ io, stack }) => {
    if (stack === undefined || io.host.platform === "win32") return [];
    const { engine, project, topology } = stack.session;
    // Docker Desktop translates owners.
    if (engine === "docker" && io.host.platform !== "linux") return [];
    const found = new Map<string, { readonly folder: string; readonly account: Account }>();
    for (const [name, service] of Object.entries(project.services)) {
      if (topology.services[name]?.product !== "airflow") continue;
      for (const { type, source, target } of service.volumes) {
        const folder = FOLDERS.find((one) => target.replace(/\/+$/, "").endsWith(`/airflow/${one}`));
        if (type !== "bind" || source === undefined || folder === undefined) continue;
        found.set(source, { folder, account: accountOf(stack, name, service) });
      }
    }
    return [...found].map(([path, { folder, account }]) => ({
      subject: path,
      ask: async () => {
        const facts = await factsOf(io.files, path);
        // A Docker Engine makes it too, and root's.
        if (facts === undefined && engine === "native") return { outcome: "ok", fact: "made at the start" };
        const need = folder === "logs" ? "write" : "read";
        const fix = fixOf(io, { path, need, account });
        const answer = judgeFolder({ path, need, account, fix }, facts);
        if (answer.outcome !== "ok" || need === "read") return answer;
        // What another account made in it before, as one that ran as root.
        for (const { name, kind } of await io.files.listEntries(path)) {
          const inner = kind === "directory" ? await io.files.stat(join(path, name)) : undefined;
          if (inner === undefined || mayUse(account, need, inner)) continue;
          const { fact, ...told } = judgeFolder({ path, need, account, fix }, inner);
          return { ...told, fact: `${name} in it is ${fact}` };
        }
        return answer;
      },
    }));
  },
};

interface Account {
  readonly uid: number;
  readonly gid: number;
  /** The variable that the file takes its uid from: AIRFLOW_UID in Airflow's own. */
  readonly variable?: string | undefined;
}

interface Folder {
  readonly path: string;
  readonly need: "read" | "write";
  readonly account: Account;
  /** Undefined: this account may not. */
  readonly fix?: DoctorFix | undefined;
}

/** `user:` of the file, else the image's 50000, whose group has to be 0; natively the account that all services have. */
function accountOf({ session, unitUser }: StackPlace, name: string, { user }: Service): Account {
  if (session.engine === "native") return unitUser;
  const uid = Number(user?.split(":")[0]);
  if (user === undefined || user === "" || !Number.isInteger(uid)) return { uid: 50_000, gid: 0 };
  const links = session.project.origins.at(["services", name, "user"])?.chain ?? [];
  return { uid, gid: 0, variable: links.find(({ variable }) => variable !== undefined)?.variable };
}

/** Missing ones are made and log folders given to who writes them; whose DAGs are is for their author to say. */
function fixOf({ files, host }: DoctorPlace["io"], { path, need, account }: Folder): DoctorFix | undefined {
  const { uid, gid } = account;
  if (host.uid !== 0 && host.uid !== uid) return undefined;
  return {
    title: `make ${path} a folder of ${uid}:${gid}`,
    apply: async () => {
      if (!(await files.exists(path))) await files.makeDirectory(path, { mode: 0o755, owner: { uid, gid } });
      else if (need === "write") await giveTree(files, path, { uid, gid });
    },
  };
}

/** Judges a mounted folder for an account. Pure. */
export function judgeFolder({ path, need, account, fix }: Folder, facts: FileFacts | undefined): DoctorAnswer {
  const { uid, gid, variable } = account;
  const shown = quoteWord(path);
  const give = `sudo chown -R ${uid}:${gid} ${shown}`;
  const own = variable === undefined ? [] : [`Or run as yourself: echo "${variable}=$(id -u)" >> .env`];
  const cure = (lines: readonly string[]): Pick<DoctorAnswer, "cure" | "fix"> => ({
    cure: [...(fix === undefined ? [] : ["bulkhead doctor --fix"]), ...lines, ...own].join("\n"),
    fix,
  });
  if (facts === undefined) {
    return {
      outcome: "warn",
      fact: "missing: the Docker Engine would make it, and root's",
      ...cure([`mkdir -p ${shown}`, give]),
    };
  }
  const { uid: owner, gid: group, mode } = facts;
  const fact = `owned by ${owner}:${group}, mode ${(mode & 0o7777).toString(8).padStart(4, "0")}`;
  if (mayUse(account, need, facts)) return { outcome: "ok", fact };
  const told = { outcome: "fail", fact: `${fact}: uid ${uid} cannot ${need} it` } as const;
  if (need === "read") return { ...told, cure: [`chmod -R a+rX ${shown}`, ...own].join("\n") };
  return { ...told, ...cure([owner === uid ? `chmod -R u+rwX ${shown}` : give]) };
}

function mayUse({ uid, gid }: Account, need: Folder["need"], facts: FileFacts): boolean {
  const wanted = need === "write" ? 0o7 : 0o5;
  const bits = facts.uid === uid ? facts.mode >> 6 : facts.gid === gid ? facts.mode >> 3 : facts.mode;
  return uid === 0 || (bits & wanted) === wanted;
}

/** Of what a link leads to. Undefined: it is not there. */
async function factsOf(files: Files, path: string): Promise<FileFacts | undefined> {
  return (await files.exists(path)) ? files.stat(await files.realPath(path)) : undefined;
}
