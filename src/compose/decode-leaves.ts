import { addFault } from "./faults.ts";
import { formatScalar } from "./format-scalar.ts";
import { formatDuration, parseNanoseconds } from "./parse-duration.ts";
import { leaf, type Decode, type Shape } from "./shapes.ts";
import { splitWords } from "./split-words.ts";
import { traceMapped, tracePart } from "./trace.ts";
import {
  isNull,
  list,
  mapping,
  scalar,
  spanOf,
  textOf,
  traceOf,
  type Entry,
  type ScalarValue,
  type Tree,
} from "./tree.ts";

function fault(tree: Tree, path: readonly string[], what: string, faults: Parameters<Decode>[2]): undefined {
  addFault(faults, `${path.join(".").replaceAll(".[", "[")} ${what}`, spanOf(tree), { kind: "schema", data: { path } });
  return undefined;
}

function converted(tree: Tree, value: ScalarValue): Tree {
  return scalar(value, tree.origin);
}

/** Text; an integer becomes its digits. */
export const text: Shape = leaf((tree, path, faults) => {
  if (tree.kind !== "scalar") return fault(tree, path, "must be text", faults);
  if (typeof tree.value === "bigint") return converted(tree, String(tree.value));
  return typeof tree.value === "string"
    ? tree
    : fault(tree, path, `must be text; put ${formatScalar(tree.value)} in quotes`, faults);
});

/** Any scalar as text. */
export const anyText: Shape = leaf((tree) =>
  tree.kind === "scalar" ? converted(tree, formatScalar(tree.value)) : undefined,
);

export const flag: Shape = leaf((tree, path, faults) => {
  if (tree.kind === "scalar" && typeof tree.value === "boolean") return tree;
  const word = textOf(tree)?.toLowerCase() ?? "";
  if (["true", "y", "yes", "on"].includes(word)) return converted(tree, true);
  if (["false", "n", "no", "off"].includes(word)) return converted(tree, false);
  return fault(tree, path, "must be true or false", faults);
});

/** A boolean that is true unless said otherwise: printed only when false. */
export const optOut: Shape = leaf((tree, path, faults) => {
  const value = flag.kind === "leaf" ? flag.decode(tree, path, faults) : undefined;
  return value?.kind === "scalar" && value.value === true ? undefined : value;
});

export const integer: Shape = leaf((tree, path, faults) => {
  if (tree.kind !== "scalar") return fault(tree, path, "must be an integer", faults);
  if (typeof tree.value === "bigint") return tree;
  if (typeof tree.value === "number") return converted(tree, BigInt(Math.trunc(tree.value)));
  const digits = textOf(tree) ?? "";
  return /^[-+]?[0-9]+$/.test(digits)
    ? converted(tree, BigInt(digits.replace("+", "")))
    : fault(tree, path, "must be an integer", faults);
});

/** A 32-bit float with the fewest digits that say it. */
export const float: Shape = leaf((tree, path, faults) => {
  if (tree.kind !== "scalar") return fault(tree, path, "must be a number", faults);
  const number =
    typeof tree.value === "string" && tree.value.trim() === "" ? Number.NaN : Number(formatScalar(tree.value));
  if (Number.isNaN(number)) return fault(tree, path, "must be a number", faults);
  const narrow = Math.fround(number);
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(narrow.toPrecision(digits));
    if (Math.fround(candidate) === narrow) return converted(tree, candidate);
  }
  return converted(tree, narrow);
});

const byteScales: Readonly<Record<string, number>> = {
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
};

/** Bytes as Compose prints them: a text of digits. Source: docker/go-units RAMInBytes. */
export const bytes: Shape = leaf((tree, path, faults) => {
  if (tree.kind !== "scalar") return undefined;
  if (typeof tree.value === "bigint") return tree.value === 0n ? undefined : converted(tree, String(tree.value));
  const written = textOf(tree);
  if (written === undefined) return undefined;
  if (/^[-+]?[0-9]+$/.test(written))
    return BigInt(written.replace("+", "")) === 0n
      ? undefined
      : converted(tree, String(BigInt(written.replace("+", ""))));
  const match = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(written);
  if (match === null) return fault(tree, path, `has the invalid size "${written}"`, faults);
  const size = Math.trunc(Number(match[1]) * (byteScales[(match[2] ?? "").toLowerCase()] ?? 1));
  return size === 0 ? undefined : converted(tree, String(size));
});

export const duration: Shape = leaf((tree, path, faults) => {
  if (tree.kind !== "scalar") return undefined;
  const nanoseconds = parseNanoseconds(formatScalar(tree.value));
  return nanoseconds === undefined
    ? fault(
        tree,
        path,
        `has the invalid duration "${formatScalar(tree.value)}"; write for example 30s or 1m30s`,
        faults,
      )
    : converted(tree, formatDuration(nanoseconds));
});

/** A duration that is not printed when zero. */
export const plainDuration: Shape = leaf((tree, path, faults) => {
  const value = duration.kind === "leaf" ? duration.decode(tree, path, faults) : undefined;
  return textOf(value) === "0s" ? undefined : value;
});

/** One text or a list of texts. */
export const texts: Shape = leaf((tree) => {
  if (tree.kind === "scalar") return list([tree], tree.origin);
  return tree.kind === "list" ? list(tree.items.map(toText), tree.origin) : undefined;
});

function toText(tree: Tree): Tree {
  return tree.kind === "scalar" && typeof tree.value !== "string" ? converted(tree, formatScalar(tree.value)) : tree;
}

/** A mapping or a `KEY=VALUE` list as a mapping of texts. */
function keyValues(absent: "null" | "blank"): Decode {
  return (tree, path, faults) => {
    const entries = new Map<string, Entry>();
    const blank = (near: Tree) => converted(near, absent === "null" ? null : "");
    if (tree.kind === "map") {
      for (const [key, entry] of tree.entries) {
        entries.set(key, { ...entry, value: isNull(entry.value) ? blank(entry.value) : toText(entry.value) });
      }
    } else if (tree.kind === "list") {
      for (const item of tree.items) {
        const line = item.kind === "scalar" ? formatScalar(item.value) : "";
        const split = line.indexOf("=");
        const key = split === -1 ? line : line.slice(0, split);
        if (absent === "null" && /\s$/.test(key)) {
          fault(item, path, `names the variable "${key}" with a space at its end`, faults);
          continue;
        }
        const trace = traceOf(item);
        const value =
          split === -1 ? blank(item) : scalar(line.slice(split + 1), item.origin, tracePart(trace, split + 1));
        entries.set(key, { value, keySpan: spanOf(item), keyTrace: trace });
      }
    } else {
      return undefined;
    }
    return entries.size === 0 ? undefined : mapping(entries, tree.origin);
  };
}

/** Environment and build arguments: null stays null. */
export const variables: Shape = leaf(keyValues("null"));
/** Labels, annotations, sysctls, driver options: null becomes blank. */
export const labels: Shape = leaf(keyValues("blank"));

export const command: Shape = leaf((tree, path, faults) => {
  if (tree.kind === "list") return tree;
  const line = textOf(tree);
  if (line === undefined) return undefined;
  const words = splitWords(line);
  if (words === undefined) return fault(tree, path, "has unbalanced quotes or brackets; write it as a list", faults);
  const whole = traceOf(tree);
  return list(
    words.map((word) => scalar(word.text, tree.origin, traceMapped(whole, word))),
    tree.origin,
  );
});

export const healthTest: Shape = leaf((tree) => {
  if (tree.kind === "list") return tree.items.length === 0 ? undefined : tree;
  return list([converted(tree, "CMD-SHELL"), tree], tree.origin);
});

/** `host=address` texts in order. */
export const hosts: Shape = leaf((tree, path, faults) => {
  const found: { host: string; addresses: string[]; at: Tree }[] = [];
  if (tree.kind === "map") {
    for (const [host, { value }] of tree.entries) {
      const addresses =
        value.kind === "list"
          ? value.items.map((item) => (item.kind === "scalar" ? formatScalar(item.value) : ""))
          : [textOf(value) ?? ""];
      found.push({ host, addresses, at: value });
    }
  } else if (tree.kind === "list") {
    for (const item of tree.items) {
      const line = textOf(item) ?? "";
      const split = line.includes("=") ? line.indexOf("=") : line.indexOf(":");
      if (split === -1) fault(item, path, `lacks an address in "${line}"`, faults);
      else found.push({ host: line.slice(0, split), addresses: line.slice(split + 1).split(","), at: item });
    }
  }
  const lines: Tree[] = [];
  for (const { host, addresses, at } of found) {
    if (host === "" || /[:=]/.test(host)) fault(at, path, `has the bad host name "${host}"`, faults);
    else for (const address of addresses) lines.push(converted(at, `${host}=${address.replace(/^\[(.+)\]$/, "$1")}`));
  }
  lines.sort((left, right) => ((textOf(left) ?? "") < (textOf(right) ?? "") ? -1 : 1));
  return lines.length === 0 ? undefined : list(lines, tree.origin);
});

/** A file mode in octal: `0440`. */
export const fileMode: Shape = leaf((tree, path, faults) => {
  if (tree.kind !== "scalar") return undefined;
  if (typeof tree.value === "bigint") return converted(tree, `0${tree.value.toString(8)}`);
  const digits = textOf(tree) ?? "";
  return /^[0-7]+$/.test(digits)
    ? converted(tree, `0${Number.parseInt(digits, 8).toString(8)}`)
    : fault(tree, path, `has the invalid mode "${digits}"`, faults);
});

/** A device count: `all` is -1. */
export const deviceCount: Shape = leaf((tree, path, faults) => {
  const word = textOf(tree);
  if (word?.toLowerCase() === "all") return converted(tree, -1n);
  if (word !== undefined && !/^[-+]?[0-9]+$/.test(word))
    return fault(tree, path, `must be a number or "all", not "${word}"`, faults);
  return word === undefined ? tree : converted(tree, BigInt(word));
});

export const ulimit: Shape = leaf((tree) => {
  if (tree.kind === "scalar") return tree.value === 0n ? mapping([], tree.origin) : tree;
  if (tree.kind !== "map") return undefined;
  return mapping(
    [...tree.entries]
      .filter(([key, { value }]) => !key.startsWith("x-") && !(value.kind === "scalar" && value.value === 0n))
      .map(([key, { value }]) => [key, value] as const),
    tree.origin,
  );
});

/** Keys with the paths they have, as `ID` texts. */
export const sshKeys: Shape = leaf((tree) => {
  if (tree.kind !== "map") return undefined;
  const keys = [...tree.entries].map(([id, { value }]) =>
    converted(value, isNull(value) ? id : `${id}: ${textOf(toText(value)) ?? ""}`),
  );
  return keys.length === 0 ? undefined : list(keys, tree.origin);
});

/** Options that may be repeated: each a list of texts. */
export const repeatedOptions: Shape = leaf((tree) => {
  if (tree.kind !== "map") return undefined;
  return mapping(
    [...tree.entries].map(
      ([key, { value }]) =>
        [key, list((value.kind === "list" ? value.items : [value]).map(toText), value.origin)] as const,
    ),
    tree.origin,
  );
});
