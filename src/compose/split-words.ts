import { createTextMap, type TextMap } from "./text-map.ts";

/**
 * Splits a command text into words as Compose does: quotes and backslashes as in a shell, `\t` and `\n` outside single
 * quotes become a tab and a newline, nothing is expanded, and the text ends silently at an unquoted `;`, `&`, `|`, `<`
 * or `>`. Each word tells where its characters stand. Returns undefined for unbalanced quotes or brackets. Port of mattn/go-shellwords.
 */
export function splitWords(text: string): readonly TextMap[] | undefined {
  const words: TextMap[] = [];
  let word = "";
  let map = createTextMap(text);
  /** Where the character that is being read starts and ends. */
  let from = 0;
  let end = 0;
  /** `bare`: something was read; `quoted`: a quoted part, so that an empty word counts too. */
  let seen: "nothing" | "bare" | "quoted" = "nothing";
  let escaped = false;
  let single = false;
  let double = false;
  let back = false;
  let dollar = false;

  function flush(): void {
    if (seen === "quoted" || (seen === "bare" && word !== "")) words.push(map.build());
    word = "";
    map = createTextMap(text);
    seen = "nothing";
  }

  function append(read: string, start = from): void {
    word += read;
    if (text.slice(start, end) === read) map.copy(start, end);
    else map.replace(read, start, end);
  }

  for (const character of text) {
    from = end;
    end += character.length;
    if (escaped) {
      escaped = false;
      if (back || dollar) append(`\\${character}`, from - 1);
      else append(character === "t" ? "\t" : character === "n" ? "\n" : character, from - 1);
      seen = "bare";
      continue;
    }
    if (character === "\\") {
      if (single) append("\\");
      else escaped = true;
      continue;
    }
    if (character === " " || character === "\t" || character === "\r" || character === "\n") {
      if (single || double || back || dollar) append(character);
      else flush();
      continue;
    }
    if (character === "`" && !single && !double && !dollar) {
      back = !back;
    } else if (character === ")" && !single && !double && !back) {
      if (!dollar) return undefined;
      dollar = false;
    } else if (character === "(" && !single && !double && !back) {
      if (dollar || !word.endsWith("$") || word.endsWith("\\$")) return undefined;
      dollar = true;
      append(character);
      continue;
    } else if (character === '"' && !single && !dollar && !back) {
      if (double) seen = "quoted";
      double = !double;
      continue;
    } else if (character === "'" && !double && !dollar && !back) {
      if (single) seen = "quoted";
      single = !single;
      continue;
    } else if (";&|<>".includes(character) && !single && !double && !back && !dollar) {
      if (character === ">" && /^[0-9]+$/.test(word)) seen = "nothing";
      break;
    }
    seen = "bare";
    append(character);
  }
  flush();
  return escaped || single || double || back || dollar ? undefined : words;
}
