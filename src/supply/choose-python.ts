import { ToolError } from "../core/tool-error.ts";
import type { FoundPythons } from "./find-pythons.ts";
import type { PythonInterpreter, PythonRequest } from "./supply.ts";

type Wish = Pick<PythonRequest, "product" | "version" | "preferredPython" | "supportedPython">;

/**
 * The interpreter for a release: the image tag's series when the release supports it and it is here, else the nearest
 * supported series that is (of two equally near ones the older), newest patch first. Without a preferred series 3.11
 * stands in when supported: the one for which old and new releases have wheels; else the newest supported.
 *
 * Throws ToolError PYTHON_NOT_FOUND that names what is acceptable and what was found.
 */
export function choosePython(wish: Wish, found: FoundPythons): PythonInterpreter {
  const supported = wish.supportedPython;
  const fitting = found.usable.filter((python) => supported.includes(python.series));
  const aim = minor(wish.preferredPython ?? (supported.includes("3.11") ? "3.11" : (supported.at(-1) ?? "3.11")));
  const [best] = fitting.toSorted(
    (a, b) =>
      Math.abs(minor(a.series) - aim) - Math.abs(minor(b.series) - aim) ||
      minor(a.series) - minor(b.series) ||
      b.version.localeCompare(a.version, "en", { numeric: true }),
  );
  if (best !== undefined) return best;

  const acceptable = supported.map((series) => `Python ${series}`).join(", ");
  const seen = found.usable.map((python) => `${python.version} (${python.path})`);
  const blocked = found.unreachable
    .filter((python) => supported.includes(python.series))
    .map((python) => `${python.version} (${python.path})`);
  const newest = supported.at(-1) ?? "3.11";
  throw new ToolError(
    "PYTHON_NOT_FOUND",
    `${wish.product} ${wish.version} runs on ${acceptable}; found: ${seen.length === 0 ? "no usable Python" : seen.join(", ")}` +
      (blocked.length === 0
        ? ""
        : `; present, but the account that services run as cannot execute: ${blocked.join(", ")}`),
    {
      hint: `UV_PYTHON_INSTALL_DIR=/opt/python uv python install ${newest} && export PATH="$PATH:$(dirname "$(UV_PYTHON_INSTALL_DIR=/opt/python uv python find ${newest})")"`,
      detail: { supported, found: found.usable, unreachable: found.unreachable },
    },
  );
}

function minor(series: string): number {
  return Number(series.split(".")[1]);
}
