import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import type { Span } from "../core/span.ts";
import { spanOfPart, spansOfPart, type AddressPart } from "./span-of-part.ts";

/** The written texts of a part of the first connection, each with its file. */
function textsOf(part: AddressPart, compose: string, more: Readonly<Record<string, string>> = {}): string[] {
  const { project, connections } = topologyOf(compose, more);
  const [connection] = connections;
  if (connection === undefined) throw new Error("no connection");
  const files: Readonly<Record<string, string>> = { "/p/compose.yaml": compose, ...more };
  const show = (span: Span): string =>
    `${span.file.slice(3)} ${new TextDecoder().decode(new TextEncoder().encode(files[span.file] ?? "").slice(span.start, span.end))}`;
  const spans = spansOfPart(project, connection, part);
  expect(spanOfPart(project, connection, part)).toEqual(spans[0]);
  return spans.map(show);
}

const mlflow = (rest: string): string => `# größe\nservices:\n  m:\n    image: mlflow/mlflow:2.22.0\n${rest}`;

describe("spansOfPart", () => {
  const url = "postgresql+psycopg2://us%40er:p4ss@db:5433/name?sslmode=require&x=y";

  it.each<[AddressPart, string]>([
    ["scheme", "postgresql+psycopg2"],
    ["user", "us%40er"],
    ["password", "p4ss"],
    ["host", "db"],
    ["port", "5433"],
    ["database", "name"],
    ["query", "sslmode=require&x=y"],
    [{ query: "x" }, "x=y"],
  ])("gives %j of a flag in a command of one line", (part, expected) => {
    const compose = mlflow(`    command: bash -c "mlflow server --backend-store-uri='${url}'"\n`);
    expect(textsOf(part, compose)).toEqual([`compose.yaml ${expected}`]);
  });

  it("leads a part to the variable it comes from", () => {
    const compose = mlflow(
      "    command: mlflow server\n    environment:\n      MLFLOW_BACKEND_STORE_URI: postgresql://u:${PW}@${HOST:-db}/d\n",
    );
    const env = { "/p/.env": "PW=secret\n" };
    expect(textsOf("password", compose, env)).toEqual([".env secret"]);
    expect(textsOf("user", compose, env)).toEqual(["compose.yaml u"]);
    expect(textsOf("host", compose, env)).toEqual(["compose.yaml db"]);
  });

  it("finds parts in env files, Dockerfiles and scripts", () => {
    const envFile = mlflow("    command: mlflow server\n    env_file: ml.env\n");
    expect(textsOf("host", envFile, { "/p/ml.env": `MLFLOW_BACKEND_STORE_URI=${url}\n` })).toEqual(["ml.env db"]);
    const built = "services: { m: { build: . } }\n";
    const dockerfile = `FROM mlflow/mlflow:2.22.0\nENV PW=p4ss\nCMD ["sh", "-c", "mlflow server --backend-store-uri postgresql://u:$PW@db/d"]\n`;
    expect(textsOf("password", built, { "/p/Dockerfile": dockerfile })).toEqual(["Dockerfile p4ss"]);
    expect(textsOf("database", built, { "/p/Dockerfile": dockerfile })).toEqual(["Dockerfile d"]);
  });

  it("gives the whole address for a part that is not written", () => {
    const compose = mlflow("    command: [mlflow, server, --backend-store-uri, 'postgresql://db/d']\n");
    expect(textsOf("password", compose)).toEqual(["compose.yaml postgresql://db/d"]);
  });
});
