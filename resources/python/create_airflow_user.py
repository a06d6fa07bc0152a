"""`airflow users create` with the password from standard input instead of the argument list, which `ps` shows.

Arguments: those of `airflow users create`, without `--password`. Runs the command's own function in this process, so
it prints, logs and exits as the command does. Airflow 2.3 to 3.3; with 3.x the FAB auth manager brings the command.
"""

import sys


def main():
    password = sys.stdin.read()
    arguments = ["users", "create", *sys.argv[1:]]
    # Airflow writes this command line into its own log table.
    sys.argv = ["airflow", *arguments]
    from airflow.cli import cli_parser

    parsed = cli_parser.get_parser().parse_args(arguments)
    parsed.password = password
    parsed.func(parsed)


if __name__ == "__main__":
    main()
