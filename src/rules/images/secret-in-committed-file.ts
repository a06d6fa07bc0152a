import { createSourceText } from "../../compose/source-text.ts";
import { decodeInPlace } from "../../core/decode-in-place.ts";
import { isCommitted } from "../is-committed.ts";
import { defineRule, type Subject } from "../rule.ts";

interface SecretShape {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Shapes that nothing else has. Ordinary passwords are not told: a tutorial's `airflow` in a Compose file is no secret. */
const shapes: readonly SecretShape[] = [
  { what: "An AWS access key", pattern: /\bA(?:KIA|SIA)[0-9A-Z]{16}\b(?<!EXAMPLE)/g },
  { what: "A GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/g },
  { what: "A Slack token", pattern: /\bxox[abprs]-[0-9A-Za-z-]{20,}/g },
  { what: "A private key", pattern: /-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----/g },
  { what: "Airflow's Fernet key", pattern: /(?<=FERNET_KEY["']?\s*[:=]\s*["']?)[\w-]{43}=/g },
];

/** A key that opens something, in a file that Git keeps for ever. */
export const secretInCommittedFile = defineRule({
  id: "secret-in-committed-file",
  group: "images",
  severity: "warning",
  fix: undefined,
  summary: "A key or token in a file that Git does not ignore",
  *check(subject) {
    for (const { path, found } of subject.project.sources) {
      if (found) yield* findIn(subject, path);
    }
  },
});

function* findIn({ sources, project }: Subject, file: string) {
  const read = sources.read(file);
  if (read.kind !== "file") return;
  const text = decodeInPlace(read.bytes);
  const matches = shapes.flatMap(({ what, pattern }) => [...text.matchAll(pattern)].map((match) => ({ what, match })));
  // Asked last: most files hold none.
  if (matches.length === 0 || !isCommitted(sources, file)) return;
  const source = createSourceText(file, text);
  const name = file.startsWith(`${project.directory}/`) ? file.slice(project.directory.length + 1) : file;
  for (const [at, { what, match }] of matches.entries()) {
    yield {
      message: `${what} stands in ${name}, which Git does not ignore`,
      labels: [
        { span: source.span(match.index, match.index + match[0].length), text: "everybody with the repository has it" },
      ],
      services: [],
      evidence: [name, what, String(at)],
      notes: ["Removing it in a later commit leaves it in the history: it has to be replaced where it opens something"],
    } as const;
  }
}
