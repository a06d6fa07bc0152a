import type { SecretPlace } from "./life-of-value.ts";

/** A file's text with its secret places as stars, one for each character, so that columns stay. */
export function hideSecretPlaces(text: string, places: readonly SecretPlace[]): string {
  const seen = new Set<string>();
  const once = places.filter(({ span, part }) => {
    const key = `${span.start} ${span.end} ${part}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  let bytes = Buffer.from(text);
  for (const { span, part } of once.toSorted((left, right) => right.span.start - left.span.start)) {
    const written = bytes.subarray(span.start, span.end).toString();
    const hidden = Buffer.from(hidePart(written, part));
    bytes = Buffer.concat([bytes.subarray(0, span.start), hidden, bytes.subarray(span.end)]);
  }
  return bytes.toString();
}

function hidePart(written: string, part: SecretPlace["part"]): string {
  const kept = part === "all" ? /^/ : part === "value" ? /^(?:export\s+)?[\w.-]+\s*[=:]\s*|^/ : /^\$\{\w+:?[-+?]|^.*$/s;
  const start = kept.exec(written)?.[0] ?? "";
  const end = part === "operand" && start !== written ? "}" : "";
  const rest = written.slice(start.length, written.length - end.length);
  return `${start}${rest.replace(/[^\r\n]/gu, "*")}${end}`;
}
