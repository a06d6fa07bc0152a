import { commandLines } from "./command-lines.ts";
import type { ServiceRole } from "./topology.ts";

/** A user of Airflow's pages that the project's own files name. */
export interface NamedLogin {
  readonly user: string;
  readonly password: string;
  readonly service: string;
  /** The environment variable that holds the password; undefined: it stands in the service's command. */
  readonly variable: string | undefined;
}

const variablePairs = [
  ["_AIRFLOW_WWW_USER_USERNAME", "_AIRFLOW_WWW_USER_PASSWORD"],
  ["ADMIN_USER", "ADMIN_PASSWORD"],
  ["AIRFLOW_ADMIN_USER", "AIRFLOW_ADMIN_PASSWORD"],
  ["AIRFLOW_ADMIN_USERNAME", "AIRFLOW_ADMIN_PASSWORD"],
] as const;

/** The logins that services name: variables of the image's entrypoint or of a job, or flags of `airflow users create`. */
export function findAirflowLogins(roles: readonly ServiceRole[]): readonly NamedLogin[] {
  const found: NamedLogin[] = [];
  for (const { service, product, environment, argv } of roles) {
    if (product !== "airflow") continue;
    for (const [name, variable] of variablePairs) {
      const [user, password] = [environment[name], environment[variable]];
      if (user !== undefined && password !== undefined) found.push({ user, password, service, variable });
    }
    // The entrypoint's user name defaults to admin; it creates nobody without a password.
    const alone = environment["_AIRFLOW_WWW_USER_PASSWORD"];
    if (alone !== undefined && environment["_AIRFLOW_WWW_USER_USERNAME"] === undefined) {
      found.push({ user: "admin", password: alone, service, variable: "_AIRFLOW_WWW_USER_PASSWORD" });
    }
    for (const words of commandLines(argv)) {
      const at = words.indexOf("users");
      if (at < 0 || words[at + 1] !== "create") continue;
      const user = readFlag(words, ["--username", "-u"], environment);
      const password = readFlag(words, ["--password", "-p"], environment);
      if (user.value === undefined || password.value === undefined) continue;
      found.push({ user: user.value, password: password.value, service, variable: password.variable });
    }
  }
  return found;
}

function readFlag(
  words: readonly string[],
  names: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly value: string | undefined; readonly variable: string | undefined } {
  const at = words.findIndex((word) => names.includes(word));
  const joined = words.find((word) => names.some((name) => word.startsWith(`${name}=`)));
  const value = at >= 0 ? words[at + 1] : joined?.slice(joined.indexOf("=") + 1);
  const variable = /^\$\{?(\w+)\}?$/.exec(value ?? "")?.[1];
  return variable === undefined ? { value, variable: undefined } : { value: environment[variable], variable };
}
