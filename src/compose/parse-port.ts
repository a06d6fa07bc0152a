/** One published or exposed port of a short entry. */
export interface ParsedPort {
  readonly hostIp: string;
  /** Host port, or a range to choose from; empty: any free port. */
  readonly published: string;
  readonly target: number;
  readonly protocol: string;
}

/**
 * Parses `[[IP:][HOST]:]CONTAINER[/PROTOCOL]` with ranges and bracketed IPv6 into one entry per container port, in the
 * order in which Compose prints them. Port of docker/go-connections nat.ParsePortSpec.
 */
export function parsePort(text: string): readonly ParsedPort[] | { readonly fault: string } {
  const parts = text.split(":");
  const containerPart = parts.pop() ?? "";
  const hostPart = parts.pop() ?? "";
  const address = parts.join(":");
  const [range, protocolText] = splitOnce(containerPart, "/");
  if (range === "") return { fault: `no container port in "${text}"` };
  const protocol = protocolText === undefined || protocolText === "" ? "tcp" : protocolText.toLowerCase();
  if (!["tcp", "udp", "sctp"].includes(protocol)) return { fault: `unknown protocol "${protocol}" in "${text}"` };
  const hostIp = address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address;
  if (hostIp !== "" && !isIpAddress(hostIp)) return { fault: `invalid IP address "${address}" in "${text}"` };
  const container = parseRange(range);
  if (container === undefined) return { fault: `invalid container port "${range}" in "${text}"` };
  const host = hostPart === "" ? undefined : parseRange(hostPart);
  if (hostPart !== "" && host === undefined) return { fault: `invalid host port "${hostPart}" in "${text}"` };
  const count = container.end - container.start + 1;
  if (host !== undefined && host.end - host.start + 1 !== count && count > 1) {
    return { fault: `the ranges ${hostPart} and ${range} in "${text}" differ in length` };
  }
  const ports: ParsedPort[] = [];
  for (let at = 0; at < count; at++) {
    let published = host === undefined ? "" : String(host.start + at);
    if (host !== undefined && count === 1 && host.start !== host.end) published += `-${host.end}`;
    ports.push({ hostIp, published, target: container.start + at, protocol });
  }
  return ports.toSorted((left, right) =>
    compareText(`${left.target}/${left.protocol}`, `${right.target}/${right.protocol}`),
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseRange(text: string): { start: number; end: number } | undefined {
  const [first, last] = splitOnce(text, "-");
  const start = parseNumber(first);
  const end = last === undefined || last === first ? start : parseNumber(last);
  return start === undefined || end === undefined || end < start ? undefined : { start, end };
}

function parseNumber(text: string): number | undefined {
  if (!/^\+?[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 65535 ? value : undefined;
}

/** True for what Go's net.ParseIP takes: dotted IPv4 without leading zeros, or IPv6 without a zone. */
export function isIpAddress(text: string): boolean {
  const octets = text.split(".");
  if (octets.length === 4 && octets.every((octet) => /^(?:0|[1-9][0-9]{0,2})$/.test(octet) && Number(octet) <= 255))
    return true;
  if (!text.includes(":") || text.includes("%") || text.includes("/")) return false;
  return isIpv6(text);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  let count = groups.length;
  for (const [at, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) continue;
    const embedded = at === groups.length - 1 && group.includes(".") && isIpAddress(group);
    if (!embedded) return false;
    count++;
  }
  return halves.length === 2 ? count < 8 : count === 8;
}
