import { describe, expect, it } from "vitest";
import { recogniseAirflowComponent } from "../../catalog/airflow/components.ts";
import { recogniseMlflowComponent } from "../../catalog/mlflow/components.ts";
import { mapCommand } from "./map-command.ts";

const listener = recogniseMlflowComponent(["mlflow", "server"]).listeners[0];
const addresses = listener === undefined ? [] : [{ listener, target: 5000, host: "127.0.0.1", port: 15001 }];

describe("mapCommand", () => {
  it.each<[string[], string[]]>([
    [
      ["mlflow", "server", "--host", "0.0.0.0", "--port", "5000", "--workers=1"],
      ["mlflow", "server", "--host", "127.0.0.1", "--port", "15001", "--workers=1"],
    ],
    [
      ["mlflow", "server", "--host=0.0.0.0", "-p", "5000"],
      ["mlflow", "server", "--host=127.0.0.1", "-p", "15001"],
    ],
    [
      ["bash", "-c", "pip install x && exec mlflow server --port 5000 \\\n  --host '0.0.0.0' # all\n"],
      ["bash", "-c", "pip install x && exec mlflow server --port 15001 \\\n  --host 127.0.0.1 # all\n"],
    ],
    [
      ["python", "-c", "print('--port 5000')"],
      ["python", "-c", "print('--port 5000')"],
    ],
    [
      ["other", "--port", "5000"],
      ["other", "--port", "5000"],
    ],
  ])("%j", (argv, expected) => {
    expect(mapCommand(argv, addresses)).toEqual(expected);
  });
});

describe("mapCommand of programs side by side", () => {
  it("gives each program its own port", () => {
    const webserver = recogniseAirflowComponent(["airflow", "webserver"]).listeners[0];
    const both =
      webserver === undefined
        ? addresses
        : [{ listener: webserver, target: 8081, host: "127.0.0.1", port: 18081 }, ...addresses];
    const argv = [
      "bash",
      "-c",
      "mlflow server --backend-store-uri postgresql://db/airflow --port 5000 & exec airflow webserver --port 8081",
    ];
    expect(mapCommand(argv, both)).toEqual([
      "bash",
      "-c",
      "mlflow server --backend-store-uri postgresql://db/airflow --port 15001 & exec airflow webserver --port 18081",
    ]);
  });
});
