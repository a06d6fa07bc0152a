import { parseImage } from "../catalog/parse-image.ts";
import type { Subject } from "./rule.ts";

/** Packages under whose name a program is installed. */
const packages: Readonly<Record<string, RegExp>> = {
  pg_isready: /postgresql-client|postgresql-?\d+/,
  psql: /postgresql-client|postgresql-?\d+/,
  nc: /netcat|nmap|busybox/,
  wget: /busybox/,
};

/** What the images of Debian's PostgreSQL and of `python:*-slim`, on which MLflow's stands, leave out. */
const missing = {
  postgres: ["curl", "wget", "nc", "python", "python3"],
  mlflow: ["curl", "wget", "nc", "pg_isready", "psql"],
} as const;

/** True when the image of a service is known not to have a program, and nothing in its Dockerfile puts it there. */
export function lacksProgram({ topology, sources, project }: Subject, service: string, program: string): boolean {
  const role = topology.services[service];
  const product = role?.base?.product;
  if (role === undefined || (product !== "postgres" && product !== "mlflow")) return false;
  const name = program.slice(program.lastIndexOf("/") + 1);
  const { repository, tag = "" } = parseImage(role.baseImage ?? "");
  // What MLflow's `-full` images add is not written down.
  if (product === "mlflow" && tag.endsWith("-full")) return false;
  // BusyBox comes with Alpine; the full `python` image comes with Debian's usual tools.
  if (/alpine/.test(tag) && (name === "wget" || name === "nc")) return false;
  if (repository === "python" && !/slim|alpine/.test(tag)) return false;
  if (!(missing[product] as readonly string[]).includes(name)) return false;
  const build = project.services[service]?.build;
  if (build === undefined) return true;
  const read = role.dockerfile === undefined ? undefined : sources.read(role.dockerfile.path);
  const text = build.dockerfile_inline ?? (read?.kind === "file" ? new TextDecoder().decode(read.bytes) : undefined);
  if (text === undefined) return false;
  return !new RegExp(`\\b${name}\\b`).test(text) && packages[name]?.test(text) !== true;
}
