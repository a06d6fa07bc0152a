/** How text may look where it is written to. */
export interface Look {
  readonly colour: boolean;
  /** Whether spinners and marks beyond ASCII can be shown. */
  readonly unicode: boolean;
  /** Columns; Infinity when it is no terminal. */
  readonly width: number;
}

export const PLAIN_LOOK: Look = { colour: false, unicode: true, width: Infinity };

export interface LookFacts {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--no-color`. */
  readonly noColor: boolean;
}

/**
 * Decides by the conventions: `--no-color`, then FORCE_COLOR (0 and false mean no), then NO_COLOR (no-color.org: any
 * text), then whether it is a terminal that is not `dumb`.
 */
export function lookOf({ isTerminal, columns, env, noColor }: LookFacts): Look {
  return {
    colour: !noColor && wantsColour(isTerminal, env),
    unicode: hasUnicode(env),
    width: isTerminal && columns !== undefined && columns > 0 ? columns : Infinity,
  };
}

function wantsColour(isTerminal: boolean, env: LookFacts["env"]): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return isTerminal && env.TERM !== "dumb";
}

/** Terminals show Unicode unless the console or the locale is known not to; an unset locale (containers) says nothing. */
function hasUnicode(env: LookFacts["env"]): boolean {
  if (env.TERM === "linux" || env.TERM === "dumb") return false;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== "");
  return locale === undefined || /utf-?8/i.test(locale);
}
