import type { DatabaseServer } from "../../topology/topology.ts";
import { connectionFacts } from "../connection-facts.ts";
import { judgedConnections } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

const demanding = new Set(["require", "verify-ca", "verify-full"]);

/** The image's server speaks no SSL unless it is given a certificate and `ssl=on`. */
export const sslmodeRefused = defineRule({
  id: "sslmode-refused",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A connection that demands SSL from a server that has none",
  hiddenBy: ["async-driver"],
  *check(subject) {
    const { topology, project } = subject;
    for (const connection of judgedConnections(topology)) {
      const server = topology.servers.find((one) => one.service === connection.server);
      const { service, url } = connection;
      const mode = url.query["sslmode"];
      // Asynchronous drivers do not know the option.
      if (connection.role === "async") continue;
      if (server === undefined || mode === undefined || !demanding.has(mode) || mayHaveSsl(subject, server)) continue;
      yield {
        message: `\`${service}\` demands SSL of \`${server.service}\` (sslmode=${mode}), which is started without it`,
        labels: [
          ...labelAddress(project, connection, { query: "sslmode" }, "demanded here"),
          placeLabels(project).service(server.service, "no `ssl=on` in its command"),
        ],
        evidence: [service, connection.role, server.service, mode],
        ...connectionFacts(connection),
        consequence: "server does not support SSL, but SSL was required",
        fix() {
          const item = url.queryItems.findLast(({ name }) => name === "sslmode");
          const edits = item && replacePart(subject, connection, item.span, "sslmode=prefer");
          const title = `Let ${service} use SSL only where ${server.service} offers it`;
          return edits && { class: "behaviour", title, edits, touches: touchedPaths(project, edits) };
        },
      };
    }
  },
});

/** True unless everything that sets a server's options can be seen, and nothing names SSL. */
function mayHaveSsl({ project }: Subject, server: DatabaseServer): boolean {
  const service = project.services[server.service];
  if (service?.build !== undefined || !server.complete || server.initScripts.length > 0) return true;
  const words = [...(service?.entrypoint ?? []), ...(service?.command ?? [])].join(" ");
  return /\bssl\b|config_file|\.conf\b|\bsh\b/.test(words);
}
