import type { ServiceRow } from "../../core/result-rows.ts";
import type { Look } from "./look.ts";
import type { Style } from "./styles.ts";
import { renderTable } from "./table.ts";

/** The services of a project, one a line: state with its reason first, then what it is and where it listens. */
export function renderServiceTable(rows: readonly ServiceRow[], look: Look): string {
  return renderTable<ServiceRow>(
    [
      { title: "SERVICE", cell: (row) => ({ text: row.name, style: "bold" }) },
      { title: "STATE", cell: (row) => ({ text: stateText(row), style: stateStyle(row) }) },
      {
        title: "IS",
        cell: (row) => ({ text: [row.product, row.component].filter((part) => part !== null).join(" ") }),
        dropOrder: 2,
      },
      { title: "PORTS", cell: (row) => ({ text: row.ports.join(", ") }) },
      { title: "PID", cell: (row) => ({ text: row.pid === null ? "" : String(row.pid), style: "dim" }), dropOrder: 3 },
      {
        title: "RESTARTS",
        cell: (row) => ({ text: row.restarts === 0 ? "" : String(row.restarts), style: "yellow" }),
        dropOrder: 1,
      },
    ],
    rows,
    look,
  );
}

/** The state in words: `ready`, `running (unhealthy)`, `waiting for postgres (healthy)`, `exited (1)`. */
export function stateText(row: ServiceRow): string {
  switch (row.state) {
    case "waiting":
      return row.waitingFor === null ? "waiting" : `waiting for ${row.waitingFor}`;
    case "exited":
      return row.exitCode === null ? "exited" : `exited (${row.exitCode})`;
    case "crash-loop":
      return row.exitCode === null ? "crash loop" : `crash loop (${row.exitCode})`;
    case "ready":
    case "running":
    case "starting":
      return row.health === "unhealthy" ? `${row.state} (unhealthy)` : row.state;
    case "preparing":
    case "completed":
    case "stopped":
      return row.state;
  }
}

function stateStyle(row: ServiceRow): Style {
  if (row.health === "unhealthy") return "yellow";
  switch (row.state) {
    case "ready":
      return "green";
    case "exited":
    case "crash-loop":
      return "red";
    case "completed":
    case "stopped":
      return "dim";
    case "preparing":
    case "waiting":
    case "starting":
    case "running":
      return "cyan";
  }
}
