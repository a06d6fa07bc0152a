/** Distribution name as indexes compare it (PEP 503): `Psycopg2_Binary[x]>=2` -> `psycopg2-binary`; undefined for none. */
export function requirementName(line: string): string | undefined {
  const name = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)/.exec(line)?.[1];
  return name === undefined || /^\s*\S*[/\\]/.test(line) || /^\s*[\w+.-]+:\/\//.test(line)
    ? undefined
    : name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

/** One spelling for equal requirement lines: name normalised, no spaces around operators, comment removed. */
export function normaliseRequirement(line: string): string {
  const text = line.replace(/(^|\s)#.*$/, "").trim();
  const name = requirementName(text);
  if (name === undefined) return text;
  const [specifier = "", ...markers] = text.replace(/^[\w.-]+/, "").split(";");
  const marker = markers.join(";").trim().replaceAll(/\s+/g, " ");
  return `${name}${specifier.replaceAll(/\s+/g, "")}${marker === "" ? "" : ` ; ${marker}`}`;
}
