import { compareReleaseVersions } from "../catalog/compare-release-versions.ts";
import { parseImage } from "../catalog/parse-image.ts";
import type { ServiceRole } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

/** Python packages for PostgreSQL that a service's image and command bring along. */
export interface InstalledDrivers {
  readonly drivers: ReadonlySet<string>;
  /** Which one SQLAlchemy takes for a bare `postgresql://`: psycopg2, from 2.1 on psycopg. */
  readonly preferred: "psycopg2" | "psycopg";
}

/**
 * What MLflow's image, which holds no driver, and the project's own pip lines install. Undefined where that cannot be told:
 * other images, requirement files that cannot be read, tools other than pip, packages that may bring a driver.
 */
export function installedDrivers(subject: Subject, role: ServiceRole): InstalledDrivers | undefined {
  if (role.product !== "mlflow" || role.base?.product !== "mlflow" || role.baseImage === undefined) return undefined;
  const image = parseImage(role.baseImage);
  if (image.tag?.endsWith("-full") === true || hidesPackages(subject, role)) return undefined;
  const names = role.pip.map((line) => line.trim().toLowerCase().replaceAll("_", "-"));
  if (!names.every((line) => harmless.test(line))) return undefined;
  const drivers = new Set(
    ["psycopg2", "psycopg", "pg8000", "asyncpg"].filter((driver) => names.some((line) => provides(line, driver))),
  );
  const pin = names.find((line) => /^sqlalchemy\b/.test(line));
  return { drivers, preferred: prefersPsycopg(role, image.repository, pin) ? "psycopg" : "psycopg2" };
}

/** Packages of which it is known that they depend on no PostgreSQL driver. */
const harmless =
  /^(mlflow|mlflow-skinny|psycopg2|psycopg2-binary|psycopg|pg8000|asyncpg|sqlalchemy|boto3|botocore|s3fs|minio|pymysql|mysqlclient|cryptography|google-cloud-storage|azure-[\w-]+|numpy|pandas|scikit-learn|scipy|gunicorn|uvicorn|flask|flask-wtf|werkzeug|prometheus-[\w-]+|setuptools|wheel|pip|protobuf|requests|greenlet)(?![\w-])(?!\[[^\]]*(db|extras)\b)/;

function provides(line: string, driver: string): boolean {
  return new RegExp(`^${driver}(-binary)?(?![\\w-])`).test(line);
}

/** Commands whose packages nobody sees: other installers, `pip install -r`, a mounted site-packages. */
function hidesPackages({ project, topology }: Subject, role: ServiceRole): boolean {
  const { foreign = [], pip } = role.dockerfile ?? {};
  const tools = /\b(uv|poetry|pdm|pipenv|conda|mamba|apt|apt-get|python3?-psycopg2?|pip)\b/;
  const isForeign = foreign.some(({ text }) => tools.test(text));
  const commands = topology.invocations.filter(({ service }) => service === role.service);
  const isHidden = commands.some(
    ({ program, words }) =>
      /^(uv|poetry|pdm|pipenv|conda|mamba|apt|apt-get|apk)$/.test(program) ||
      (/^pip3?$/.test(program) && words.some(({ text }) => /^(-r|--requirement|-e|\.)/.test(text))),
  );
  const mounts = project.services[role.service]?.volumes ?? [];
  return (
    isForeign ||
    isHidden ||
    (pip?.files.length ?? 0) > 0 ||
    mounts.some(({ target }) => target.includes("site-packages"))
  );
}

/**
 * SQLAlchemy 2.1 (September 2026, Python 3.11 and later) opens a bare `postgresql://` with psycopg 3. The official image
 * has Python 3.10 and so an older one; a build installs what is newest on its day.
 */
function prefersPsycopg(role: ServiceRole, repository: string, pin: string | undefined): boolean {
  if (repository !== "python" || role.python === undefined) return false;
  if (pin !== undefined && !/^sqlalchemy(\[[^\]]*\])?\s*(>=?\s*[\d.]+)?$/.test(pin)) return false;
  return compareReleaseVersions(role.python, "3.11") >= 0;
}
