// Runs every generator of scripts/ with --check: fails when a generated file is not what its generator would write.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL(".", import.meta.url));

for (const name of readdirSync(directory).toSorted()) {
  if (!/^(generate|lock)-.*\.mjs$/.test(name)) continue;
  const { status } = spawnSync(process.execPath, [`${directory}${name}`, "--check"], { stdio: "inherit" });
  console.log(`${status === 0 ? "ok    " : "FAILED"} scripts/${name} --check`);
  if (status !== 0) process.exitCode = 1;
}
