import type { RevisionOwner } from "./revision-owner.ts";

const titles: Readonly<Record<string, string>> = { airflow: "Airflow", mlflow: "MLflow", postgres: "PostgreSQL" };

/** `Airflow 2.7.0 to 2.7.3` for its newest revision, `Airflow 2.7.0 and newer` for one in the middle of a history. */
export function nameOwners(owners: readonly RevisionOwner[]): string {
  return owners.map(nameOwner).join(" or ");
}

function nameOwner({ product, history, first, headOf }: RevisionOwner): string {
  const title = `${titles[product] ?? product}${history === "auth" ? "'s basic-auth app" : ""}`;
  const [oldest, newest] = [headOf[0], headOf.at(-1)];
  if (oldest === undefined || newest === undefined) return `${title} ${first} and newer`;
  return oldest === newest ? `${title} ${oldest}` : `${title} ${oldest} to ${newest}`;
}
