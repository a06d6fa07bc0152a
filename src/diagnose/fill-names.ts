import type { CureStep } from "./signature.ts";

export type Names = Readonly<Record<string, string>>;

const placeholder = /\{(\w+)(?:\|([^}]*))?\}/g;

/** What a shell leaves as it is, inside quotes of either kind too. */
const harmless = /^[\w.][\w.-]*$/;

/** A text with its `{name}`s filled; `{name|a word}` names what stands there while the name is unknown. */
export function fillNames(template: string, names: Names): string {
  return template.replace(placeholder, (_, name: string, fallback: string | undefined) => {
    return names[name] ?? fallback ?? name.toUpperCase();
  });
}

/**
 * A cure with its names filled. Names come out of logs, which anybody may have written: in a command only such are put
 * that no shell reads as anything else; the others stand there in upper case.
 */
export function fillCure({ say, run }: CureStep, names: Names): CureStep {
  const safe = Object.fromEntries(Object.entries(names).filter(([, value]) => harmless.test(value)));
  return { say: fillNames(say, names), ...(run === undefined ? {} : { run: fillNames(run, safe) }) };
}
