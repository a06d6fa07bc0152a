/**
 * pip requirement lines of what native installs for one MLflow release. As in its image there is no database driver:
 * that is the project's own pip line (`psycopg2-binary`). Releases before 3 import `pkg_resources`, which the image's
 * Python brings and setuptools 70 began to take apart.
 *
 * `version` is a full release number (`2.7.1`, `3.17.2`).
 */
export function mlflowRequirements(version: string): readonly string[] {
  const core = `mlflow==${version}`;
  return Number.parseInt(version, 10) < 3 ? [core, "setuptools<70"] : [core];
}
