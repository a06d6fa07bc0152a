#!/usr/bin/env node
import("../dist/cli.js").catch((error) => {
  const isMissing =
    error?.code === "ERR_MODULE_NOT_FOUND" && String(error.url ?? error.message).includes("dist/cli.js");
  if (!isMissing) throw error;
  process.stderr.write(
    "bulkhead: dist/cli.js is missing: this clone was not built yet.\n  Run: npm install && npm run build\n",
  );
  process.exitCode = 2;
});
