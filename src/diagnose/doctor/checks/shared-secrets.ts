import { airflowOperation } from "../../../catalog/airflow/operation.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import type { StackPlace } from "../doctor-place.ts";

/** A connection's text may differ where its meaning does not, and an executor is no secret. */
const NO_SECRETS = /SQL_ALCHEMY_CONN$|EXECUTOR$|_URL$/;

/** Keys that all components of an Airflow must have alike: the environment as they were started with it. */
export const sharedSecrets: DoctorCheck = {
  id: "shared-secrets",
  title: "Shared key",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    return stack.session.topology.apps
      .filter(({ product }) => product === "airflow")
      .flatMap((app) => {
        const components = app.services.filter((name) => stack.session.topology.services[name]?.oneShot === false);
        return airflowOperation(app.version)
          .equalSettings.filter((variable) => !NO_SECRETS.test(variable))
          .map((variable) => ({
            subject: `${app.id}: ${variable}`,
            ask: async () => judgeValues(variable, await readValues(stack, components, variable)),
          }));
      });
  },
};

/** By service; `from elsewhere`: a command or a secrets backend gives it, which nobody runs here. */
async function readValues(
  stack: StackPlace,
  services: readonly string[],
  variable: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const entries = services.map(async (service) => {
    const env = (await stack.open(service))?.env ?? stack.session.topology.services[service]?.environment ?? {};
    const isElsewhere =
      env[variable] === undefined && (env[`${variable}_CMD`] ?? env[`${variable}_SECRET`]) !== undefined;
    return [service, isElsewhere ? "from elsewhere" : env[variable] || undefined] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Judges one key by service, without telling it. Pure. */
export function judgeValues(variable: string, values: ReadonlyMap<string, string | undefined>): DoctorAnswer {
  const named = [...values];
  if (named.some(([, value]) => value === "from elsewhere")) {
    return { outcome: "unknown", fact: "comes from a command or a secrets backend" };
  }
  const without = named.flatMap(([service, value]) => (value === undefined ? [service] : []));
  const cure = `Give ${variable} one value in all of them (one line of .env), then: bulkhead up`;
  if (named.length > 0 && without.length === named.length) {
    return named.length === 1
      ? { outcome: "ok", fact: "only one component needs it" }
      : { outcome: "warn", fact: `not set: each of ${without.join(", ")} may make its own`, cure };
  }
  if (without.length > 0) return { outcome: "fail", fact: `not set in ${without.join(", ")}`, cure };
  const [first] = named;
  const others = named.flatMap(([service, value]) => (value === first?.[1] ? [] : [service]));
  return others.length === 0
    ? { outcome: "ok", fact: `the same in ${named.length === 1 ? "its component" : `all ${named.length} components`}` }
    : { outcome: "fail", fact: `${others.join(", ")} and ${first?.[0]} have different ones`, cure };
}
