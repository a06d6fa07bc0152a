import { Buffer } from "node:buffer";
import type { Random } from "../../ports/random.ts";
import type { InitVersions } from "./plan-init-versions.ts";

/**
 * Text of a new project's `.env`: every password and key, each drawn on its own from `random`. Passwords are hexadecimal,
 * so they stand unescaped in URLs, shells and `.env` itself.
 */
export function renderDotenv(versions: InitVersions, random: Random): string {
  const password = (): string => Buffer.from(random.bytes(16)).toString("hex");
  const key = (): string => Buffer.from(random.bytes(32)).toString("hex");
  // Fernet wants exactly 32 bytes in padded base64url.
  const fernetKey = (): string => Buffer.from(random.bytes(32)).toString("base64url") + "=";
  const lines = [
    "# Passwords and keys of this project, read by compose.yaml. Keep this file out of version control.",
    "",
    "# Database passwords are fixed when a volume is first made; changing one here does not change it there.",
    `AIRFLOW_DB_PASSWORD=${password()}`,
    `MLFLOW_DB_PASSWORD=${password()}`,
    "",
    "# Login of Airflow's UI.",
    "AIRFLOW_ADMIN_USER=admin",
    `AIRFLOW_ADMIN_PASSWORD=${password()}`,
    "",
    "# Encrypts the connections and variables that Airflow stores. Lost with it: their passwords.",
    `AIRFLOW_FERNET_KEY=${fernetKey()}`,
    "# Signs sessions and the requests for task logs.",
    `AIRFLOW_SECRET_KEY=${key()}`,
  ];
  if (versions.isAirflow3)
    lines.push("# Signs the tokens of API users and running tasks.", `AIRFLOW_JWT_SECRET=${key()}`);
  return lines.join("\n") + "\n";
}
