import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** pip's settings that decide how an index is reached; the rest of the user's are no business of an image. */
const indexSettings = new Set(["index-url", "extra-index-url", "trusted-host", "proxy"]);
const caBundle = "/etc/ssl/certs/ca-certificates.crt";

/**
 * How this machine reaches package indexes, handed to the images from outside: what a user's network gives a container
 * by itself (a mirror, a proxy's certificate) has to be the machine's here too.
 *
 * @returns {{debianMirror: string, caFile: string | undefined, pipConf: string, indexUrl: string}} Debian's archive as
 *   apt uses it; the certificates that are trusted; the text of `/etc/pip.conf`; the first index's address, empty for
 *   the default one
 */
export function readNetwork() {
  const settings = readPipSettings();
  const lines = [...settings].map(([name, value]) => `${name} = ${value}`);
  return {
    debianMirror: readDebianMirror(),
    caFile: [process.env.SSL_CERT_FILE, caBundle].find((path) => path !== undefined && existsSync(path)),
    // The system's certificates instead of the ones that pip carries.
    pipConf: `${["[global]", `cert = ${caBundle}`, ...lines].join("\n")}\n`,
    indexUrl: process.env.UV_DEFAULT_INDEX ?? process.env.UV_INDEX_URL ?? settings.get("index-url") ?? "",
  };
}

/** Lines of `pip config list`: `global.index-url='https://...'`, `:env:.index-url='...'`; the environment is last. */
function readPipSettings() {
  const { status, stdout } = spawnSync("python3", ["-m", "pip", "config", "list"], { encoding: "utf8" });
  const settings = new Map();
  if (status !== 0) return settings;
  for (const line of stdout
    .split("\n")
    .toSorted((one, two) => Number(one.startsWith(":")) - Number(two.startsWith(":")))) {
    const [, name, value] = /^[^=]*?\.([a-z-]+)='(.*)'$/.exec(line) ?? [];
    if (indexSettings.has(name)) settings.set(name, value);
  }
  return settings;
}

function readDebianMirror() {
  const format = ["indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)", "Created-By: Packages"];
  const { stdout, error } = spawnSync("apt-get", format, { encoding: "utf8" });
  const line = (stdout ?? "").split("\n").find((text) => /^Debian main [a-z]+ /.test(text));
  if (line !== undefined) return line.split(" ")[3].replace(/\/$/, "");
  throw new Error(
    `apt names no Debian archive${error === undefined ? "" : ` (${error.message})`}: the images are made from one. ` +
      "Run this on Debian after `apt-get update`, or pull the official images.",
  );
}
