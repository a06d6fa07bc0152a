import { compareReleaseVersions } from "../catalog/compare-release-versions.ts";

/**
 * What an Airflow component prints when nobody made its tables, and ends with. Measured with 2.7.0, 2.10.5, 3.1.8 and
 * 3.3.2; before 3.0 it names `db init` even where `db migrate` exists, and 3.2 changed the words before.
 */
export function unmigratedLine(version: string | undefined): string {
  const isOld = version !== undefined && /^\d/.test(version) && compareReleaseVersions(version, "3.0.0") < 0;
  const advice = `Please run \`airflow db ${isOld ? "init" : "migrate"}\`. Make sure the command is run using Airflow version`;
  const line = isOld ? `ERROR: You need to initialize the database. ${advice}` : advice;
  return version === undefined ? line : `${line} ${version}`;
}
