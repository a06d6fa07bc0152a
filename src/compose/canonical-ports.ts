import { addFault, type Faults } from "./faults.ts";
import { spendLimit } from "./limits.ts";
import { parsePort, type ParsedPort } from "./parse-port.ts";
import { takePart } from "./take-part.ts";
import { list, mapping, scalar, spanOf, type Tree } from "./tree.ts";

/**
 * Brings short ports into their long form, one for each container port; a faulty one is reported and left out.
 * Source: compose-go transform/ports.go.
 */
export function canonicalisePorts(tree: Tree, path: readonly string[], faults: Faults): Tree {
  if (tree.kind !== "list") return tree;
  const items: Tree[] = [];
  for (const [at, item] of tree.items.entries()) {
    if (item.kind === "map") {
      items.push(item);
      continue;
    }
    const short = item.kind === "scalar" ? item.value : undefined;
    if (typeof short !== "string" && typeof short !== "bigint") {
      const data = { path: [...path, `[${at}]`], text: "" };
      addFault(faults, `${path.join(".")}[${at}] is no port`, spanOf(item), { kind: "port-invalid", data });
      continue;
    }
    if (!spendLimit(faults, "published ports", 0)) break;
    const parsed = parsePort(String(short));
    if ("fault" in parsed) {
      const data = { path: [...path, `[${at}]`], text: String(short) };
      addFault(faults, `${path.join(".")}[${at}]: ${parsed.fault}`, spanOf(item), { kind: "port-invalid", data });
      continue;
    }
    if (!spendLimit(faults, "published ports", parsed.length, spanOf(item))) continue;
    for (const port of parsed) items.push(longPort(item, String(short), port));
  }
  return list(items, tree.origin);
}

function longPort(item: Tree, text: string, port: ParsedPort): Tree {
  const pairs: [string, Tree][] = [["mode", scalar("ingress", item.origin)]];
  if (port.hostIp !== "") pairs.push(["host_ip", takePart(item, port.hostIp, text.startsWith("[") ? 1 : 0)]);
  if (port.target !== 0) pairs.push(["target", scalar(BigInt(port.target), item.origin)]);
  if (port.published !== "") {
    const end = text.lastIndexOf(":");
    pairs.push(["published", takePart(item, port.published, text.lastIndexOf(":", end - 1) + 1)]);
  }
  pairs.push(["protocol", scalar(port.protocol, item.origin)]);
  return mapping(pairs, item.origin);
}
