#!/usr/bin/env sh
":" //; exec node -- "$0" "$@" # Without `--` node takes `--env-file` for its own. BusyBox knows no `env -S node --`.

const { existsSync } = require("node:fs");
const { join } = require("node:path");

const program = join(__dirname, "../dist/cli.cjs");
if (existsSync(program)) {
  require(program);
} else {
  process.stderr.write(
    "bulkhead: dist/cli.cjs is missing: this clone was not built yet.\n  Run: npm install && npm run build\n",
  );
  process.exitCode = 2;
}
