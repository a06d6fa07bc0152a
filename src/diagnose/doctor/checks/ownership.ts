import { quoteWord } from "../../../core/quote-word.ts";
import type { FileFacts } from "../../../ports/files.ts";
import type { Service } from "../../../compose/project.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import type { StackPlace } from "../doctor-place.ts";

/** Folders below AIRFLOW_HOME that projects mount; Airflow writes to the first only. */
const FOLDERS = ["logs", "dags", "plugins"] as const;

/** Mounted folders of Airflow are there, and its account reads the DAGs and writes the logs (airflow #17320). */
export const ownership: DoctorCheck = {
  id: "ownership",
  title: "Airflow folder",
  scope: "host",
  questions: ({ io, stack }) => {
    if (stack === undefined || io.host.platform === "win32") return [];
    const found = new Map<string, { readonly folder: string; readonly account: Account }>();
    for (const [name, service] of Object.entries(stack.session.project.services)) {
      if (stack.session.topology.services[name]?.product !== "airflow") continue;
      for (const { type, source, target } of service.volumes) {
        const folder = FOLDERS.find((one) => target.replace(/\/+$/, "").endsWith(`/airflow/${one}`));
        if (type !== "bind" || source === undefined || folder === undefined) continue;
        found.set(source, { folder, account: accountOf(stack, service) });
      }
    }
    return [...found].map(([path, { folder, account }]) => ({
      subject: path,
      ask: async () => {
        const facts = await io.files.stat(path);
        // A Docker Engine makes it too, and root's.
        if (facts === undefined && stack.session.engine === "native")
          return { outcome: "ok", fact: "made at the start" };
        return judgeFolder(path, folder === "logs" ? "write" : "read", account, facts);
      },
    }));
  },
};

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `user:` of the file, else the image's 50000, whose group has to be 0; natively the account that all services have. */
function accountOf({ session, unitUser }: StackPlace, { user }: Service): Account {
  if (session.engine === "native") return unitUser;
  const uid = Number(user?.split(":")[0]);
  return { uid: Number.isInteger(uid) && user !== "" ? uid : 50_000, gid: 0 };
}

/** Judges a mounted folder for an account. Pure. */
export function judgeFolder(
  path: string,
  need: "read" | "write",
  { uid, gid }: Account,
  facts: FileFacts | undefined,
): DoctorAnswer {
  const shown = quoteWord(path);
  const give = `sudo chown -R ${uid}:${gid} ${shown}`;
  if (facts === undefined) return { outcome: "warn", fact: "missing", cure: `mkdir -p ${shown}\n${give}` };
  const wanted = need === "write" ? 0o7 : 0o5;
  const bits = facts.uid === uid ? facts.mode >> 6 : facts.gid === gid ? facts.mode >> 3 : facts.mode;
  const fact = `owned by ${facts.uid}:${facts.gid}, mode ${(facts.mode & 0o7777).toString(8).padStart(4, "0")}`;
  if (uid === 0 || facts.kind === "symlink" || (bits & wanted) === wanted) return { outcome: "ok", fact };
  return { outcome: "fail", fact: `${fact}: uid ${uid} cannot ${need} it`, cure: give };
}
