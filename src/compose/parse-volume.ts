/** A short volume entry taken apart. */
export interface ParsedVolume {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly nocopy: boolean;
  readonly propagation?: string;
  readonly selinux?: string;
}

const propagations = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

/**
 * Parses `[SOURCE:]TARGET[:OPTIONS]`. A source is a host path only when it starts with `.`, `/`, `~`, `\\` or a drive
 * letter; a lone letter before a colon is taken for a drive. Port of compose-go format/volume.go.
 */
export function parseVolume(text: string): ParsedVolume | { readonly fault: string } {
  if (text === "") return { fault: "an empty volume" };
  if (text.length <= 2) return { type: "volume", source: "", target: text, readOnly: false, nocopy: false };
  const sections = splitSections(text);
  if (sections.some((section) => section === ""))
    return { fault: `invalid volume "${text}": empty section between colons` };
  if (sections.length > 3) return { fault: `invalid volume "${text}": too many colons` };
  const [first = "", second, options = ""] = sections;
  const source = second === undefined ? "" : first;
  const target = second ?? first;
  let readOnly = false;
  let nocopy = false;
  let propagation: string | undefined;
  let selinux: string | undefined;
  for (const option of options.split(",")) {
    if (option === "ro") readOnly = true;
    else if (option === "rw") readOnly = false;
    else if (option === "nocopy") nocopy = true;
    else if (propagations.has(option)) propagation = option;
    else if (option === "z" || option === "Z") selinux = option;
  }
  return {
    type: isHostPath(source) ? "bind" : "volume",
    source,
    target,
    readOnly,
    nocopy,
    ...(propagation === undefined ? {} : { propagation }),
    ...(selinux === undefined ? {} : { selinux }),
  };
}

function splitSections(text: string): string[] {
  const sections: string[] = [];
  let buffer = "";
  for (const character of text) {
    if (character === ":" && !/^\p{L}$/u.test(buffer)) {
      sections.push(buffer);
      buffer = "";
    } else {
      buffer += character;
    }
  }
  sections.push(buffer);
  return sections;
}

function isHostPath(source: string): boolean {
  return /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
}
