import { quoteWord } from "../../../core/quote-word.ts";
import { dockerInfo, type DockerInfo } from "../docker-info.ts";
import type { DoctorAnswer, DoctorCheck, DoctorQuestion } from "../doctor-check.ts";
import type { DoctorPlace, StackPlace } from "../doctor-place.ts";

/** Which kernel module keeps containers from files that their mounts give them: SELinux, or AppArmor with a snap. */
export const confinement: DoctorCheck = {
  id: "confinement",
  title: "Confinement",
  scope: "host",
  questions: (place) =>
    place.engine !== "docker" || place.stack === undefined || place.io.host.platform !== "linux"
      ? []
      : [askSelinux(place, place.stack), askAppArmor(place, place.stack)],
};

function askSelinux({ io }: DoctorPlace, { session }: StackPlace): DoctorQuestion {
  const unlabelled = Object.entries(session.project.services).flatMap(([name, { volumes }]) =>
    volumes.some(({ type, other }) => type === "bind" && !hasLabel(other["bind"])) ? [name] : [],
  );
  return {
    subject: "SELinux",
    ask: async () => judgeSelinux(await io.files.readTextIfPresent("/sys/fs/selinux/enforce"), unlabelled),
  };
}

function askAppArmor(place: DoctorPlace, { session }: StackPlace): DoctorQuestion {
  return { subject: "AppArmor", ask: async () => judgeAppArmor(await dockerInfo(place), session.project.directory) };
}

/**
 * Enforcing, it hides bind mounts without `:z`.
 *
 * @param enforce what the kernel says in /sys/fs/selinux/enforce; undefined: there is no such file
 * @param unlabelled services with such mounts
 */
export function judgeSelinux(enforce: string | undefined, unlabelled: readonly string[]): DoctorAnswer {
  if (enforce?.trim() !== "1") return { outcome: "ok", fact: "not enforcing" };
  if (unlabelled.length === 0) return { outcome: "ok", fact: "enforcing, and all bind mounts are labelled" };
  return {
    outcome: "warn",
    fact: `enforcing, and bind mounts of ${unlabelled.join(", ")} have no :z`,
    cure: "Write :z behind these mounts in the Compose file: ./dags:/opt/airflow/dags:z",
  };
}

/** Docker's own profile hides nothing that is mounted; a snap's engine sees only what lies below a home. */
export function judgeAppArmor(
  { rootDirectory, security }: Pick<DockerInfo, "rootDirectory" | "security">,
  directory: string,
): DoctorAnswer {
  if (!security.includes("apparmor")) return { outcome: "ok", fact: "not used by the Docker Engine" };
  if (!rootDirectory.startsWith("/var/snap/") || directory.startsWith("/home/")) {
    return { outcome: "ok", fact: "containers have Docker's own profile" };
  }
  return {
    outcome: "warn",
    fact: `the Docker Engine is a snap, which sees nothing of ${directory}: only what lies below /home`,
    cure: `mv ${quoteWord(directory)} ~\nOr install Docker from its own packages: https://docs.docker.com/engine/install/`,
  };
}

function hasLabel(options: unknown): boolean {
  return typeof options === "object" && options !== null && "selinux" in options;
}
