import { findDatabaseUrls } from "../../topology/parse-database-url.ts";
import { mapAddress, type NameTable } from "./name-table.ts";
import type { PathMap } from "./path-map.ts";
import { quoteForShell } from "./quote-for-shell.ts";

/**
 * A text of the Compose file (environment value, command word, script) as it must read on this machine: connection
 * strings lead to loopback ports, container paths to their host places. HTTP URLs stay: Python resolves them through
 * the name hook, and the Host header an application checks is the one it would see in a container.
 */
export function mapText(text: string, names: NameTable, paths: PathMap): string {
  return mapParts(text, names, (part) => paths.mapText(part));
}

/** The same for the script of an `sh -c`: a host path with blanks or quotes stays one word there. */
export function mapScript(script: string, names: NameTable, paths: PathMap): string {
  return mapParts(script, names, (part, start) =>
    paths.mapText(part, (path, at) => quoteForShell(path, script.slice(0, start + at))),
  );
}

/** An argv's words mapped; the word after a shell's `-c` is a script. */
export function mapArgv(argv: readonly string[], names: NameTable, paths: PathMap): readonly string[] {
  const flag = argv.findIndex((word) => /^-\w*c$/.test(word));
  const script = /(^|\/)(ba|da|z)?sh$/.test(argv[0] ?? "") && flag > 0 ? flag + 1 : -1;
  return argv.map((word, index) => (index === script ? mapScript : mapText)(word, names, paths));
}

function mapParts(text: string, names: NameTable, mapPaths: (part: string, start: number) => string): string {
  let mapped = "";
  let done = 0;
  for (const { start, end, url } of findDatabaseUrls(text)) {
    const address = url.host === undefined ? undefined : mapAddress(names, url.host, url.port ?? 5432);
    mapped += mapPaths(text.slice(done, start), done);
    const whole = text.slice(start, end);
    mapped +=
      address === undefined
        ? whole
        : `${whole.slice(0, url.hostSpan[0])}${address.host}:${address.port}${whole.slice(url.hostSpan[1])}`;
    done = end;
  }
  return mapped + mapPaths(text.slice(done), done);
}

/**
 * Addresses a healthcheck or client program names itself, which no hook reaches: `http://localhost:8080`,
 * `mlflow:5000`. Only known names with known ports change.
 */
export function mapAddresses(text: string, names: NameTable): string {
  return text.replace(/\b([A-Za-z0-9][\w.-]*):(\d{2,5})\b/g, (whole, host: string, port: string) => {
    const address = mapAddress(names, host, Number(port));
    return address === undefined || address.port === 1 ? whole : `${address.host}:${address.port}`;
  });
}
