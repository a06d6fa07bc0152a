import { describe, expect, it } from "vitest";
import { parsePipInstall } from "./parse-pip-install.ts";

describe("parsePipInstall", () => {
  it.each<[string, string[] | undefined]>([
    ["pip install psycopg2-binary", ["psycopg2-binary"]],
    ["pip3 install -U --user a==1 b", ["a==1", "b"]],
    ["python -m pip install --index-url https://i.example/simple a", ["a"]],
    ["uv pip install a", ["a"]],
    ["pip uninstall a", undefined],
    ["echo pip install a", undefined],
  ])("%s", (line, expected) => {
    expect(parsePipInstall(line.split(" "))?.requirements).toEqual(expected);
  });
});
