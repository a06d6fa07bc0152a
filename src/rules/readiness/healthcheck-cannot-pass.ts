import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import { findBlankUses } from "../find-blank-uses.ts";
import { judgeDatabaseCheck } from "../judge-database-check.ts";
import { lacksProgram } from "../lacks-program.ts";
import { placeLabels } from "../label-place.ts";
import { planHealthcheck } from "../plan-healthcheck.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { healthcheckCommands } from "../healthcheck-commands.ts";

/** A health check that fails for a reason of its own, however well the service works. */
export const healthcheckCannotPass = defineRule({
  id: "healthcheck-cannot-pass",
  group: "readiness",
  severity: "error",
  fix: "behaviour",
  summary: "A health check that cannot pass",
  hiddenBy: ["env-file-missing", "blank-variable", "shell-blank-interpolation"],
  *check(subject) {
    for (const service of Object.keys(subject.project.services)) {
      const wrong = findFault(subject, service);
      if (wrong !== undefined) yield tell(subject, service, wrong);
    }
  },
});

/** What is wrong with a check. */
interface Wrong {
  readonly message: string;
  /** The word of `healthcheck.test` to look at. */
  readonly word: number;
  readonly text: string;
  readonly consequence: string;
  /** It passes all the same. */
  readonly harmless?: boolean;
  readonly fix: () => Fix | undefined;
}

function findFault(subject: Subject, service: string): Wrong | undefined {
  const { healthcheck, incomplete } = subject.project.services[service] ?? {};
  const test = healthcheck?.test ?? [];
  if (healthcheck?.disable === true || incomplete?.some((key) => ["*", "healthcheck", "image", "build"].includes(key)))
    return undefined;
  return judgeOneWord(subject, service, test) ?? judgePrograms(subject, service) ?? judgeDatabase(subject, service);
}

/** `["CMD", "curl -f http://..."]`: one word is one program, blanks and all. */
function judgeOneWord({ edit }: Subject, service: string, test: readonly string[]): Wrong | undefined {
  const [kind, word = "", ...others] = test;
  if (kind !== "CMD" || others.length > 0 || !/\S\s+\S/.test(word)) return undefined;
  const reason = word.includes("/") ? `stat ${word}: no such file or directory` : "executable file not found in $PATH";
  return {
    message: `The health check of \`${service}\` starts a program named \`${word}\`, blanks included`,
    word: 1,
    text: "one word: no shell splits it",
    consequence: `exec: "${word}": ${reason}`,
    fix: () => {
      const edits = edit.replaceSlice(["services", service, "healthcheck", "test", 0], 0, kind.length, "CMD-SHELL");
      return (
        edits && {
          class: "behaviour",
          title: `Let a shell run the health check of \`${service}\``,
          edits,
          touches: [["services", service, "healthcheck", "test"]],
        }
      );
    },
  };
}

function judgePrograms(subject: Subject, service: string): Wrong | undefined {
  const { commands, isShell, word } = healthcheckCommands(subject, service);
  const [first] = commands;
  const program = first?.words[0];
  if (first === undefined || program === undefined || !lacksProgram(subject, service, program)) return undefined;
  // Another way to pass: `curl ... || wget ...`.
  const next = commands[1]?.words[0];
  if (first.separator === "||" && !["exit", "false", undefined].includes(next)) return undefined;
  return {
    message: `The health check of \`${service}\` runs \`${program}\`, which its image does not have`,
    word,
    text: `\`${program}\` is not in the image`,
    consequence: isShell ? `${program}: not found` : `exec: "${program}": executable file not found in $PATH`,
    fix: () => planCheck(subject, service),
  };
}

function judgeDatabase(subject: Subject, service: string): Wrong | undefined {
  const { commands, word } = healthcheckCommands(subject, service);
  const found = judgeDatabaseCheck(subject.topology, service, commands[0]?.words ?? []);
  return found && { ...found, word, fix: () => planCheck(subject, service) };
}

/** The check that Bulkhead would write; interval, retries and the like stay. */
function planCheck(subject: Subject, service: string): Fix | undefined {
  const planned = planHealthcheck(subject, service);
  const test = typeof planned === "object" && planned !== null && "test" in planned ? planned.test : undefined;
  const edits = test === undefined ? undefined : subject.edit.setServiceKey(service, ["healthcheck", "test"], test);
  return (
    edits && {
      class: "behaviour",
      title: `Ask \`${service}\` in a way its image can`,
      edits,
      touches: [["services", service, "healthcheck", "test"]],
    }
  );
}

function tell(subject: Subject, service: string, wrong: Wrong): Fault {
  const { project } = subject;
  const labels = placeLabels(project);
  const path = ["services", service, "healthcheck", "test"];
  const place: Label =
    labels.value([...path, wrong.word], wrong.text) ??
    labels.value(path, wrong.text) ??
    labels.service(service, wrong.text);
  const waiting = Object.entries(project.services).flatMap(([name, { depends_on: edges }]) =>
    edges[service]?.condition === "service_healthy" ? [name] : [],
  );
  const conditions = waiting.flatMap(
    (name) => labels.value(["services", name, "depends_on", service, "condition"], "waits for it") ?? [],
  );
  const isFatal = waiting.length > 0 && wrong.harmless !== true;
  const blanks = findBlankUses(project).filter(({ path = [] }) => path[1] === service && path[2] === "healthcheck");
  return {
    message: wrong.message,
    labels: [place, ...(isFatal ? conditions : [])],
    services: [service, ...(isFatal ? waiting : [])],
    evidence: [service, wrong.consequence],
    severity: isFatal ? "error" : wrong.harmless === true ? "info" : "warning",
    consequence: wrong.consequence,
    notes: isFatal ? [`${waiting.map((name) => `\`${name}\``).join(", ")} will never start`] : [],
    about: [`health ${service}`, ...blanks.map(({ variable }) => `variable ${variable}`)],
    fix: wrong.fix,
  };
}
