import type { ProductId } from "../catalog/product.ts";

const paths: readonly (readonly [RegExp, ProductId])[] = [
  [/(?:site|dist)-packages\/mlflow\//, "mlflow"],
  [/(?:site|dist)-packages\/airflow\//, "airflow"],
];
const names: readonly (readonly [RegExp, ProductId])[] = [
  [/mlflow|tracking/i, "mlflow"],
  [/airflow|scheduler|webserver|triggerer|dag-?processor|api-?server/i, "airflow"],
  [/postgres|(?:^|[-_])(?:db|pg)(?:[-_]|$)/i, "postgres"],
];

/**
 * Whose line it may be: by the paths of its traceback, the last frames first, else by the service's name. MLflow's client
 * also runs inside Airflow's tasks, so the outermost application counts where both are in it.
 */
export function guessProduct(service: string | undefined, block: readonly string[]): ProductId | undefined {
  const frame = block.find((line) => paths.some(([pattern]) => pattern.test(line)));
  const byPath = paths.find(([pattern]) => frame !== undefined && pattern.test(frame))?.[1];
  return byPath ?? names.find(([pattern]) => service !== undefined && pattern.test(service))?.[1];
}
