import { describe, expect, it } from "vitest";
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
