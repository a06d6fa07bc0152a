import { describe, expect, it } from "vitest";
import { command as init } from "../commands/init.ts";
import { command as logs } from "../commands/logs.ts";
import { COMMANDS } from "../registry.gen.ts";
import { renderCommandHelp, renderGroupHelp, renderRootHelp } from "./help-text.ts";
import { PLAIN_LOOK } from "./look.ts";

describe("renderRootHelp", () => {
  it("lists the commands with their summaries", () => {
    expect(renderRootHelp(COMMANDS, "1.2.3", PLAIN_LOOK)).toMatchInlineSnapshot(`
      "bulkhead 1.2.3
      Runs and proves Compose projects of Airflow, MLflow and PostgreSQL, without Docker.

      Usage: bulkhead [OPTIONS] COMMAND

      Commands:
        init        Write a new project: Airflow, MLflow and a PostgreSQL server for each
        check       Find what would break before anything starts
        up          Start services in health order and return when everything is ready
        prove       Test every connection, then run a real DAG that logs to MLflow
        ps          List services with state, health and ports
        logs        Print what services wrote
        db status   Tell whose tables and revisions are in which database, and what is wrong there
        db split    Separate applications that share a database, without losing a row
        db backup   Write the databases into one verified file
        db restore  Bring databases back from a backup, keeping the present ones
        exec        Run a program in a running service's environment
        stop        Stop services; everything stays
        restart     Stop and start services again
        down        Stop all services; volumes and logs stay
        config      Print the effective project in Compose's canonical form
        explain     Tell the root cause of what went wrong, from the logs of all services
        doctor      Look at this machine and the running stack, and tell what cures what is wrong
        why         Print the life of one value: where it was written, and what it replaced
        help        Help for a command: bulkhead help up

      Options:
        -f, --file FILE              Compose file; may be repeated, later files override
        -p, --project-name NAME      Project name
            --project-directory DIR  Directory that relative paths start from
            --profile NAME           Profile to enable; may be repeated
            --env-file FILE          File to read instead of .env; may be repeated
            --engine docker|native   What runs the services: docker or native
            --json                   Print one JSON object (docs/schema/)
            --json-events            Print one JSON object a line while working, the result last
            --no-color               No colours (NO_COLOR does the same)
        -h, --help                   Print help
        -v, --version                Print the version"
    `);
  });
});

describe("renderGroupHelp", () => {
  it("lists the commands by their second words", () => {
    const commands = [
      { name: "db status", summary: "Tell" },
      { name: "db split", summary: "Separate" },
    ];
    expect(renderGroupHelp("db", commands, PLAIN_LOOK)).toBe(
      [
        "Usage: bulkhead db COMMAND [OPTIONS]",
        "",
        "Commands:",
        "  status  Tell",
        "  split   Separate",
        "",
        "bulkhead db COMMAND --help tells more of one.",
      ].join("\n"),
    );
  });
});

describe("renderCommandHelp", () => {
  it("tells usage, arguments, flags and examples; letters the command uses itself are not offered twice", () => {
    expect(renderCommandHelp(logs, PLAIN_LOOK)).toMatchInlineSnapshot(`
      "Usage: bulkhead logs [OPTIONS] [SERVICE...]

      Prints the output of services as they wrote it, each line with its service's name. Ended services
      keep their logs. For --since the time counts that the application wrote at the beginning of a line,
      and for lines without one the time before them; output without any times is shown when its run was
      still going then.

      Arguments:
        SERVICE  Services to print; all when left out

      Options:
        -f, --follow                 Go on with new lines until Ctrl-C
            --since TIME             Only lines since a time (2026-01-31T12:00:00Z) or for a duration
                                     (10m)
        -n, --tail LINES             Lines from the end of each service's log (default all)
            --no-log-prefix          Without the services' names

      Project:
            --file FILE              Compose file; may be repeated, later files override
        -p, --project-name NAME      Project name
            --project-directory DIR  Directory that relative paths start from
            --profile NAME           Profile to enable; may be repeated
            --env-file FILE          File to read instead of .env; may be repeated
            --engine docker|native   What runs the services: docker or native

      Output:
            --json                   Print one JSON object (docs/schema/)
            --json-events            Print one JSON object a line while working, the result last
            --no-color               No colours (NO_COLOR does the same)
        -h, --help                   Print help

      Examples:
        bulkhead logs -f mlflow              follow one service
        bulkhead logs --since 10m --tail 50  the last lines of the last ten minutes"
    `);
  });

  it("leaves project flags out where there is no project", () => {
    const help = renderCommandHelp(init, PLAIN_LOOK);
    expect(help).toContain("Usage: bulkhead init [OPTIONS] [DIR]");
    expect(help).not.toContain("--project-name");
  });
});

describe("every command", () => {
  it("has help that fits into 100 columns", async () => {
    const commands = await Promise.all(COMMANDS.map(({ load }) => load()));
    const long = commands.flatMap((command) =>
      renderCommandHelp(command, PLAIN_LOOK)
        .split("\n")
        .filter((line) => line.length > 100),
    );
    expect(long).toEqual([]);
  });

  it("uses no flag twice", async () => {
    for (const { load } of COMMANDS) {
      const specs = Object.values((await load()).flags);
      const names = specs.flatMap(({ long, short }) => [long, ...(short === undefined ? [] : [short])]);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
