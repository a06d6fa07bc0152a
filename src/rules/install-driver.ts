import type { Fix } from "../core/fix.ts";
import type { ServiceRole } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

const packages: Readonly<Record<string, string>> = {
  psycopg2: "psycopg2-binary",
  psycopg: "psycopg[binary]",
  pg8000: "pg8000",
};

/**
 * Adds a driver to a service's image: a line at the end of its Dockerfile, or a Dockerfile of two lines in place of
 * `image:`. Undefined for a Dockerfile of several stages, or one that is not a file of the project.
 */
export function installDriver(subject: Subject, role: ServiceRole, driver: string): Fix | undefined {
  const { edit, sources, project } = subject;
  const distribution = packages[driver];
  if (distribution === undefined) return undefined;
  const install = `RUN pip install --no-cache-dir ${/\W/.test(distribution.replaceAll("-", "")) ? `"${distribution}"` : distribution}`;
  const { service, dockerfile, baseImage } = role;
  const title = `Install ${distribution} in the image of ${service}`;
  if (dockerfile === undefined) {
    const edits = edit.sequence([
      (kit) =>
        kit.setServiceKey(service, ["build"], { context: ".", dockerfile_inline: `FROM ${baseImage}\n${install}\n` }),
      (kit) => kit.removeServiceKey(service, ["image"]),
    ]);
    const touches = ["build", "image"].map((key) => ["services", service, key]);
    return edits && { class: "behaviour", title, edits, touches };
  }
  const read = sources.read(dockerfile.path);
  if (read.kind !== "file" || !dockerfile.path.startsWith(`${project.directory}/`)) return undefined;
  const text = new TextDecoder().decode(read.bytes);
  if ((text.match(/^\s*FROM\s/gim) ?? []).length !== 1) return undefined;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `${text.endsWith("\n") ? "" : newline}${install}${newline}`;
  const end = read.bytes.length;
  return { class: "behaviour", title, edits: [{ file: dockerfile.path, start: end, end, text: line }], touches: [] };
}
