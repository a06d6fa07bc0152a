import type { ImageBehaviour, ImageReference, RecognisedImage } from "../product.ts";

/** `apache/airflow:[slim-]VERSION[-pythonX.Y]`; any registry may mirror it. */
export function recogniseAirflowImage(image: ImageReference): RecognisedImage | undefined {
  if (image.repository !== "apache/airflow") return undefined;
  const tag = (image.tag ?? "latest").replace(/^slim-/, "");
  const match = /^(.*?)(?:-python(\d+\.\d+))?$/.exec(tag);
  return { product: "airflow", version: match?.[1] ?? tag, python: match?.[2] };
}

/** The official image: AIRFLOW_HOME /opt/airflow, user `airflow` (50000:0), `/entrypoint` before the command. */
export const airflowImage: ImageBehaviour = {
  home: "/home/airflow",
  workingDirectory: "/opt/airflow",
  environment: {
    AIRFLOW_HOME: "/opt/airflow",
    AIRFLOW_USER_HOME_DIR: "/home/airflow",
    AIRFLOW__CORE__LOAD_EXAMPLES: "false",
  },
  defaultCommand: [],
  volumes: [],
};

const passedThrough = new Set(["airflow", "bash", "python"]);

/**
 * What `/entrypoint` makes of the container's command: `bash`, `python` and `airflow` run as they are, anything else is
 * a sub-command of `airflow`, `sh` and `mlflow` too (scripts/docker/entrypoint_prod.sh). An empty command shows airflow's help.
 */
export function planAirflowEntrypoint(command: readonly string[]): readonly string[] {
  const first = command[0];
  if (first !== undefined && passedThrough.has(first)) return command;
  return ["airflow", ...command];
}
