import { describe, expect, it } from "vitest";
import { createSourceText } from "../compose/source-text.ts";
import { parseDockerfile as parseTraced } from "./parse-dockerfile.ts";
import { traceFile, traceValue } from "./traced-text.ts";

function parseDockerfile(text: string, args: Readonly<Record<string, string>>, target?: string) {
  const traced = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, traceValue(value, ["args", name])]),
  );
  return parseTraced(traceFile(createSourceText("/p/Dockerfile", text), 0, text.length), traced, target);
}

describe("parseDockerfile", () => {
  it("reads base, environment, pip lines and what native cannot repeat, with its line", () => {
    const file = parseDockerfile(
      [
        "# syntax=docker/dockerfile:1",
        "ARG VERSION=2.7.0",
        "FROM apache/airflow:${VERSION}-python3.9",
        "USER root",
        "RUN apt-get update \\",
        "    && apt-get install -y gcc",
        "USER airflow",
        "ENV A=1 B='two words'",
        "COPY requirements.txt /tmp/requirements.txt",
        "RUN pip install --no-cache-dir -r /tmp/requirements.txt 'mlflow>=2.0' && mkdir -p /x",
      ].join("\n"),
      {},
    );
    expect(file).toMatchObject({
      base: "apache/airflow:2.7.0-python3.9",
      environment: { A: "1", B: "two words" },
      user: "airflow",
      pip: { requirements: ["mlflow>=2.0"], files: ["/tmp/requirements.txt"] },
      copies: [{ sources: ["requirements.txt"], target: "/tmp/requirements.txt" }],
    });
    expect(file?.foreign.map(({ line }) => line)).toEqual([5, 5]);
  });

  it("lets build arguments beat ARG defaults", () => {
    expect(parseDockerfile("ARG V=1\nFROM postgres:$V", { V: "13" })?.base).toBe("postgres:13");
  });

  it("follows stages of the same file to the image they start from", () => {
    const text = "FROM python:3.11 AS base\nENV X=1\nFROM base\nCMD mlflow server";
    expect(parseDockerfile(text, {})).toMatchObject({
      base: "python:3.11",
      environment: { X: "1" },
      command: ["/bin/sh", "-c", "mlflow server"],
    });
  });

  it("stops at the target stage", () => {
    const text = "FROM postgres:13 AS db\nFROM python:3.11 AS app";
    expect(parseDockerfile(text, {}, "db")?.base).toBe("postgres:13");
  });

  it("keeps the exec form of CMD and ENTRYPOINT as words", () => {
    const file = parseDockerfile('FROM x\nENTRYPOINT ["/init"]\nCMD ["a", "b c"]', {});
    expect(file).toMatchObject({ entrypoint: ["/init"], command: ["a", "b c"] });
  });

  it("knows where each value is written", () => {
    const text =
      'FROM x\nARG PW=secret\nENV A=1 \\\n    URL="postgresql://u:${PW}@h/d"\nENV OLD two words\nCMD ["run", "--uri=$URL"]\n';
    const file = parseDockerfile(text, {});
    expect(file?.environment).toEqual({ A: "1", URL: "postgresql://u:secret@h/d", OLD: "two words" });
    const written = file?.environmentText["URL"]?.pieces.map(({ place }) =>
      place.kind === "file" ? text.slice(place.start, place.end) : place.kind,
    );
    expect(written).toEqual(["postgresql://u:", "secret", "@h/d"]);
    const [, flag] = file?.commandText ?? [];
    expect(flag?.pieces.map(({ place }) => (place.kind === "file" ? text.slice(place.start, place.end) : ""))).toEqual([
      "--uri=$URL",
    ]);
  });

  it("is undefined without FROM", () => {
    expect(parseDockerfile("RUN true", {})).toBeUndefined();
  });
});
