import { addFault, type Faults } from "./faults.ts";
import { parseVolume } from "./parse-volume.ts";
import { cleanPath } from "./paths.ts";
import { takePart } from "./take-part.ts";
import { mapping, scalar, spanOf, textOf, type Tree } from "./tree.ts";

/**
 * A mount in its long form; undefined, with a fault, for a short one that is none. Source: compose-go format/volume.go,
 * transform/volume.go.
 */
export function canonicaliseVolume(tree: Tree, path: readonly string[], faults: Faults): Tree | undefined {
  const text = textOf(tree);
  if (text === undefined) return tree;
  const parsed = parseVolume(text);
  if ("fault" in parsed) {
    addFault(faults, `${path.slice(0, -1).join(".")}: ${parsed.fault}`, spanOf(tree), {
      kind: "other",
      data: { path },
    });
    return undefined;
  }
  const { origin } = tree;
  const pairs: [string, Tree][] = [["type", scalar(parsed.type, origin)]];
  if (parsed.source !== "") pairs.push(["source", takePart(tree, parsed.source, 0)]);
  pairs.push(["target", takePart(tree, cleanPath(parsed.target), parsed.source === "" ? 0 : parsed.source.length + 1)]);
  if (parsed.readOnly) pairs.push(["read_only", scalar(true, origin)]);
  if (parsed.type === "bind" || parsed.propagation !== undefined || parsed.selinux !== undefined) {
    const bind: [string, Tree][] = [];
    if (parsed.selinux !== undefined) bind.push(["selinux", scalar(parsed.selinux, origin)]);
    if (parsed.propagation !== undefined) bind.push(["propagation", scalar(parsed.propagation, origin)]);
    if (parsed.type === "bind") bind.push(["create_host_path", scalar(true, origin)]);
    pairs.push(["bind", mapping(bind, origin)]);
  }
  if (parsed.nocopy) pairs.push(["volume", mapping([["nocopy", scalar(true, origin)]], origin)]);
  else if (parsed.type === "volume" && text.length > 2) pairs.push(["volume", mapping([], origin)]);
  return mapping(pairs, origin);
}
