import { describe, expect, it } from "vitest";
import { choosePython } from "./choose-python.ts";
import type { PythonInterpreter } from "./supply.ts";

const python = (version: string): PythonInterpreter => ({
  path: `/usr/bin/python${version}`,
  version,
  series: version.split(".").slice(0, 2).join("."),
});
const here = (...versions: string[]) => ({ usable: versions.map(python), unreachable: [] });
const wish = { product: "airflow", version: "2.7.0", supportedPython: ["3.8", "3.9", "3.10", "3.11"] };

describe("choosePython", () => {
  it.each([
    ["the preferred series", "3.9", ["3.8.20", "3.9.25", "3.11.2"], "3.9.25"],
    ["the nearest when it is missing", "3.8", ["3.10.1", "3.11.2"], "3.10.1"],
    ["the older of two equally near", "3.9", ["3.8.1", "3.10.1"], "3.8.1"],
    ["the newest patch", "3.11", ["3.11.2", "3.11.10"], "3.11.10"],
    ["3.11 without a preference", undefined, ["3.8.1", "3.10.1", "3.11.2"], "3.11.2"],
    ["a supported one when the preferred is not supported", "3.12", ["3.12.1", "3.10.1"], "3.10.1"],
  ])("%s", (_name, preferredPython, versions, expected) => {
    expect(choosePython({ ...wish, preferredPython }, here(...versions)).version).toBe(expected);
  });

  it("says what is acceptable, what was found and what cannot be reached", () => {
    const choose = () =>
      choosePython(
        { ...wish, preferredPython: "3.9" },
        { usable: [python("3.13.1")], unreachable: [python("3.9.5"), python("3.14.0")] },
      );
    expect(choose).toThrow(
      expect.objectContaining({
        code: "PYTHON_NOT_FOUND",
        message:
          "airflow 2.7.0 runs on Python 3.8, Python 3.9, Python 3.10, Python 3.11; found: 3.13.1 (/usr/bin/python3.13.1); present, but the account that services run as cannot execute: 3.9.5 (/usr/bin/python3.9.5)",
        hint: expect.stringContaining("uv python install 3.11"),
      }),
    );
  });
});
