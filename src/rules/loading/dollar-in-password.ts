import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import { findBlankUses, type BlankPlace } from "../find-blank-uses.ts";
import { touchedPaths } from "../touched-paths.ts";
import { readSpan } from "../read-span.ts";
import { defineRule, type Subject } from "../rule.ts";

const secretName = /PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|(?:^|_)(?:PWD|KEY)(?:$|_)/i;
/** A password within a URL, with the variable in it. */
const secretInUrl = /:\/\/[^\s/]*:[^\s]*$/;

/**
 * `pa$word`: Compose takes `$word` for a variable, finds none and cuts it out. The name of that variable is a part of
 * the password, so nothing here says it.
 */
export const dollarInPassword = defineRule({
  id: "dollar-in-password",
  group: "loading",
  severity: "warning",
  fix: "behaviour",
  summary: "A password with a $ that Compose cuts",
  *check(subject) {
    for (const use of findBlankUses(subject.project)) {
      const cut = findCut(subject, use);
      if (cut === undefined) continue;
      yield {
        message: `The \`$\` in \`${cut.name}\` starts a variable that is not set, so the password is cut there`,
        labels: [{ ...cut.label, text: "this part is lost" }],
        services: use.path?.[0] === "services" && use.path[1] !== undefined ? [use.path[1]] : [],
        evidence: [cut.name, ...(use.path ?? [])],
        consequence: `variable is not set. Defaulting to a blank string.`,
        about: [`variable ${use.variable}`],
        fix: () => cut.fix,
      };
    }
  },
});

interface Cut {
  /** The setting that holds the password. */
  readonly name: string;
  readonly label: Label;
  readonly fix: Fix | undefined;
}

function findCut(subject: Subject, use: BlankPlace): Cut | undefined {
  if (use.span === undefined) return undefined;
  return use.path === undefined ? cutInEnvFile(subject, use) : cutInComposeFile(subject, use);
}

/** `$word` without braces, within a longer value. */
function cutInComposeFile(
  { project, sources, edit }: Subject,
  { span, path = [], variable }: BlankPlace,
): Cut | undefined {
  if (span === undefined || readSpan(sources, span) !== `$${variable}`) return undefined;
  const read = sources.read(span.file);
  if (read.kind !== "file") return undefined;
  const before = new TextDecoder().decode(read.bytes.subarray(Math.max(0, span.start - 500), span.start));
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const name = settingName(path, line);
  const value = line.slice(line.search(/[^\s]*$/)).replace(/^["']?(?:\w+=)?["']?/, "");
  if (name === undefined || value === "") return undefined;
  if (!secretName.test(name) && !secretInUrl.test(value)) return undefined;
  const doubled = edit.replace({ ...span, end: span.start }, "$");
  return {
    name,
    label: { span, text: "" },
    fix: {
      class: "behaviour",
      title: `Write \`$$\` for the \`$\` in \`${name}\``,
      edits: [doubled],
      touches: touchedPaths(project, [doubled]),
    },
  };
}

/** The key of a map, or the name in a list item `NAME=value`. */
function settingName(path: readonly string[], line: string): string | undefined {
  const last = path.at(-1) ?? "";
  if (!last.startsWith("[")) return last;
  return /(\w+)=[^=]*$/.exec(line)?.[1] ?? path.at(-2);
}

/** An unquoted or double-quoted value of an env file; single quotes keep a `$`. */
function cutInEnvFile({ sources, edit }: Subject, { span, variable }: BlankPlace): Cut | undefined {
  const written = span && readSpan(sources, span);
  const match = /^(?:export\s+)?([A-Za-z_]\w*)(\s*[=:]\s*)(.*)$/s.exec(written ?? "");
  if (span === undefined || match === null) return undefined;
  const [, name = "", , value = ""] = match;
  const at = value.search(new RegExp(`\\$${variable}(?!\\w)`));
  if (at < 0 || /^["']?$/.test(value.slice(0, at))) return undefined;
  if (!secretName.test(name) && !secretInUrl.test(value.slice(0, at))) return undefined;
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const start = span.end - bytes(value);
  const plain = /^"[^"\\]*"$/.test(value) ? value.slice(1, -1) : value;
  const canQuote = !/["'\\\s]/.test(plain);
  return {
    name,
    label: {
      span: {
        ...span,
        start: start + bytes(value.slice(0, at)),
        end: start + bytes(value.slice(0, at)) + bytes(`$${variable}`),
        column: span.column + (written ?? "").length - value.length + at,
      },
      text: "",
    },
    fix: canQuote
      ? {
          class: "behaviour",
          title: `Put \`${name}\` in single quotes`,
          edits: [edit.replace({ ...span, start }, `'${plain}'`)],
          touches: [["services"]],
        }
      : undefined,
  };
}
