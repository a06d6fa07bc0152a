import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";

function programsOf(service: string, more: Readonly<Record<string, string>> = {}): string[] {
  return topologyOf(`services: { a: ${service} }`, more).invocations.map(
    ({ words, conditional }) => `${conditional ? "? " : ""}${words.map(({ text }) => text).join(" ")}`,
  );
}

const image = `image: "apache/airflow:2.10.5"`;

describe("invocations", () => {
  it.each([
    [
      "airflow db migrate && airflow users create -u a; airflow webserver & exec airflow scheduler",
      ["airflow db migrate", "airflow users create -u a", "airflow webserver", "airflow scheduler"],
    ],
    ["env A=1 sudo -E -u airflow nohup mlflow server", ["mlflow server"]],
    ["/usr/bin/env python -m mlflow server --port 1", ["mlflow server --port 1"]],
    ["timeout 5 tini -- gosu airflow airflow version", ["airflow version"]],
    ["bash -c 'sh -ec \"airflow scheduler\"'", ["airflow scheduler"]],
    ["eval 'airflow' scheduler", ["airflow scheduler"]],
    ["/entrypoint airflow webserver", ["airflow webserver"]],
    ["exec /entrypoint scheduler", ["airflow scheduler"]],
    ["./wait-for-it.sh db:5432 -t 60 -- mlflow server", ["./wait-for-it.sh db:5432 -t 60 --", "mlflow server"]],
    [
      "dockerize -wait tcp://db:5432 -timeout 60s mlflow server",
      ["dockerize -wait tcp://db:5432 -timeout 60s", "mlflow server"],
    ],
    ['airflow db migrate || true; if [ -n "$NONE" ]; then mlflow ui; fi', ["airflow db migrate", "true", "[ -n  ]"]],
    ["airflow webserver\n  --port 8081", ["airflow webserver", "--port 8081"]],
  ])("of %s", (script, expected) => {
    expect(
      programsOf(`{ ${image}, entrypoint: ["bash", "-c", ${JSON.stringify(script).replaceAll("$", "$$$$")}] }`),
    ).toEqual(expected);
  });

  it("are what the image's entry point makes of the command", () => {
    expect(programsOf(`{ ${image}, command: scheduler }`)).toEqual(["airflow scheduler"]);
    expect(programsOf(`{ ${image}, command: bash -c "airflow scheduler" }`)).toEqual(["airflow scheduler"]);
  });

  it("follow scripts that are mounted, and say which cannot be read", () => {
    const script = '#!/bin/sh\nset -e\ncase "$1" in\n  web) exec airflow webserver;;\n  *) exec "$@";;\nesac\n';
    const service = `{ ${image}, entrypoint: /start.sh, command: airflow scheduler, volumes: ["./start.sh:/start.sh"] }`;
    expect(programsOf(service, { "/p/start.sh": script })).toEqual([
      "set -e",
      "? airflow webserver",
      "? airflow scheduler",
    ]);
    expect(programsOf(service)).toEqual(["/start.sh airflow scheduler"]);
  });

  it("know each word's place and the variables they see", () => {
    const { invocations } = topologyOf(
      `services: { a: { image: "mlflow/mlflow:2.22.0", command: ["sh", "-c", "export A=1; B=2 mlflow server --port 5001"] } }`,
    );
    const [server] = invocations;
    expect(server).toMatchObject({ program: "mlflow", product: "mlflow", subcommand: ["server"], separator: "" });
    expect([server?.variables.get("A")?.text, server?.assignments["B"]?.text]).toEqual(["1", "2"]);
    const place = server?.words.at(-1)?.pieces[0]?.place;
    expect(place).toMatchObject({ kind: "value", path: ["services", "a", "command", 2], start: 37, end: 41 });
  });
});
