import type { ProductId } from "./product.ts";

/** A published vulnerability of a release. */
export interface Vulnerability {
  readonly id: string;
  readonly product: ProductId;
  /** First release that has it; absent: all before `fixedIn`. */
  readonly since?: string;
  readonly fixedIn: string;
  /** What somebody can do with it, in a few words; absent where the advisory does not say it plainly. */
  readonly allows?: string;
}

/**
 * The vulnerabilities that matter most for a stack of Airflow and MLflow, newest fix first. Not a scanner's list: enough
 * to tell that a release should not be reachable by others.
 * Source: pypa/advisory-database (vulns/mlflow, vulns/apache-airflow) and Airflow's announcements, November 2026.
 */
export const vulnerabilities: readonly Vulnerability[] = [
  { id: "CVE-2026-3198", product: "mlflow", fixedIn: "3.11.0" },
  { id: "CVE-2026-2652", product: "mlflow", fixedIn: "3.10.0" },
  { id: "CVE-2025-11200", product: "mlflow", fixedIn: "2.22.0", allows: "login with a weak password" },
  { id: "CVE-2025-1474", product: "mlflow", fixedIn: "2.19.0", allows: "accounts without a password" },
  { id: "CVE-2024-2928", product: "mlflow", fixedIn: "2.11.3", allows: "reading any file of the server" },
  { id: "CVE-2024-4263", product: "mlflow", fixedIn: "2.10.1", allows: "deleting artifacts without the right to" },
  { id: "CVE-2023-6909", product: "mlflow", fixedIn: "2.9.2", allows: "reading any file of the server" },
  { id: "CVE-2023-6568", product: "mlflow", fixedIn: "2.9.1", allows: "running scripts in a visitor's browser" },
  { id: "CVE-2023-3765", product: "mlflow", fixedIn: "2.5.0", allows: "reading any file of the server" },
  { id: "CVE-2023-1177", product: "mlflow", fixedIn: "2.2.1", allows: "reading any file of the server" },
  {
    id: "CVE-2024-39877",
    product: "airflow",
    since: "2.4.0",
    fixedIn: "2.9.3",
    allows: "DAG authors running code in the scheduler",
  },
  {
    id: "CVE-2024-28746",
    product: "airflow",
    since: "2.8.0",
    fixedIn: "2.8.3",
    allows: "reading variables and connections without the right to",
  },
  { id: "CVE-2023-50943", product: "airflow", fixedIn: "2.8.1", allows: "poisoned XCom data" },
  {
    id: "CVE-2023-47037",
    product: "airflow",
    fixedIn: "2.7.3",
    allows: "changing a DAG run's details without the right to",
  },
  { id: "CVE-2023-42663", product: "airflow", fixedIn: "2.7.2", allows: "reading task instances of other DAGs" },
];
