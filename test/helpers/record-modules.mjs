// Preloaded with --import: appends the address of every module file that is loaded to the file RECORD_MODULES names.
import { appendFileSync } from "node:fs";
import { register } from "node:module";

if (process.env["RECORD_MODULES"] !== undefined && !import.meta.url.includes("?hooks")) {
  register(`${import.meta.url}?hooks`);
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, nextLoad) {
  if (url.startsWith("file:")) appendFileSync(process.env["RECORD_MODULES"] ?? "/dev/null", `${url}\n`);
  return nextLoad(url, context);
}
