import type { DoctorCheck } from "../doctor-check.ts";

/** An enforcing SELinux hides bind mounts without `:z` from containers. */
export const selinux: DoctorCheck = {
  id: "selinux",
  title: "SELinux",
  scope: "host",
  questions: ({ io, engine, stack }) => {
    if (engine !== "docker" || stack === undefined) return [];
    const unlabelled = Object.entries(stack.session.project.services).flatMap(([name, { volumes }]) =>
      volumes.some(({ type, other }) => type === "bind" && !hasLabel(other["bind"])) ? [name] : [],
    );
    return [
      {
        ask: async () => {
          const enforcing = (await io.files.readTextIfPresent("/sys/fs/selinux/enforce"))?.trim() === "1";
          if (!enforcing) return { outcome: "ok", fact: "not enforcing" };
          return unlabelled.length === 0
            ? { outcome: "ok", fact: "enforcing, and all bind mounts are labelled" }
            : {
                outcome: "warn",
                fact: `enforcing, and bind mounts of ${unlabelled.join(", ")} have no :z`,
                cure: "Write :z behind these mounts in the Compose file: ./dags:/opt/airflow/dags:z",
              };
        },
      },
    ];
  },
};

function hasLabel(options: unknown): boolean {
  return typeof options === "object" && options !== null && "selinux" in options;
}
