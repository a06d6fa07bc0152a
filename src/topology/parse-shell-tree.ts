import { parseShell, type ParsedWord, type ShellCommand, type ShellPiece } from "./parse-shell.ts";

/** A script as a tree, as far as following its programs needs it. */
export type ShellNode =
  | {
      readonly kind: "simple";
      readonly assignments: readonly ParsedWord[];
      readonly words: readonly ParsedWord[];
      readonly hereDocuments: readonly (readonly ShellPiece[])[];
      readonly separator: ShellCommand["separator"];
    }
  | { readonly kind: "group"; readonly body: readonly ShellNode[] }
  | {
      readonly kind: "if";
      readonly branches: readonly { readonly test: readonly ShellNode[]; readonly body: readonly ShellNode[] }[];
      readonly otherwise: readonly ShellNode[];
    }
  | { readonly kind: "while"; readonly test: readonly ShellNode[]; readonly body: readonly ShellNode[] }
  | {
      readonly kind: "for";
      readonly variable: string;
      readonly items: readonly ParsedWord[];
      readonly body: readonly ShellNode[];
    }
  | { readonly kind: "case"; readonly body: readonly ShellNode[] }
  | { readonly kind: "function"; readonly name: string; readonly body: readonly ShellNode[] };

type Token =
  | { readonly kind: "word"; readonly word: ParsedWord }
  | {
      readonly kind: "end";
      readonly separator: ShellCommand["separator"];
      readonly hereDocuments: ShellCommand["hereDocuments"];
    };

/** Deeper nesting than any written script has; beyond it commands are read flat. */
const deepest = 60;

/**
 * Reads a script's compound commands: `if`, `for`, `while`, `until`, `case`, groups, functions. Never fails: what does
 * not fit is read as simple commands.
 */
export function parseShellTree(script: string): readonly ShellNode[] {
  const tokens = parseShell(script).flatMap((command): Token[] => [
    ...[...command.assignments, ...command.words].map((word) => ({ kind: "word", word }) as const),
    { kind: "end", separator: command.separator, hereDocuments: command.hereDocuments },
  ]);
  let at = 0;
  return parseList([], 0);

  function keyword(): string | undefined {
    const token = tokens[at];
    return token?.kind === "word" ? token.word.text : undefined;
  }

  function accept(text: string): void {
    while (tokens[at]?.kind === "end") at += 1;
    if (keyword() === text) at += 1;
  }

  function parseList(closers: readonly string[], depth: number): ShellNode[] {
    const nodes: ShellNode[] = [];
    while (at < tokens.length) {
      const word = keyword();
      if (word === undefined) at += 1;
      else if (closers.includes(word)) break;
      else nodes.push(parseNode(word, closers, depth));
    }
    return nodes;
  }

  function parseNode(word: string, closers: readonly string[], depth: number): ShellNode {
    if (depth >= deepest) return parseSimple(closers);
    const list = (...ends: string[]): ShellNode[] => parseList(ends, depth + 1);
    switch (word) {
      case "!":
        at += 1;
        return parseNode(keyword() ?? "", closers, depth + 1);
      case "if":
        return parseIf(list);
      case "while":
      case "until": {
        at += 1;
        const test = list("do");
        accept("do");
        const body = list("done");
        accept("done");
        return { kind: "while", test, body };
      }
      case "for":
        return parseFor(list);
      case "case":
        return parseCase(list);
      case "{":
      case "(": {
        at += 1;
        const close = word === "{" ? "}" : ")";
        const body = list(close);
        accept(close);
        return { kind: "group", body };
      }
      default:
        return parseFunction(word, depth) ?? parseSimple(closers);
    }
  }

  function parseIf(list: (...ends: string[]) => ShellNode[]): ShellNode {
    const branches: { test: ShellNode[]; body: ShellNode[] }[] = [];
    while (keyword() === "if" || keyword() === "elif") {
      at += 1;
      const test = list("then");
      accept("then");
      branches.push({ test, body: list("elif", "else", "fi") });
    }
    const hasElse = keyword() === "else";
    if (hasElse) at += 1;
    const otherwise = hasElse ? list("fi") : [];
    accept("fi");
    return { kind: "if", branches, otherwise };
  }

  function parseFor(list: (...ends: string[]) => ShellNode[]): ShellNode {
    at += 1;
    const variable = keyword() ?? "";
    at += 1;
    const items: ParsedWord[] = [];
    if (keyword() === "in") at += 1;
    for (let token = tokens[at]; token?.kind === "word" && token.word.text !== "do"; token = tokens[(at += 1)])
      items.push(token.word);
    accept("do");
    const body = list("done");
    accept("done");
    return { kind: "for", variable, items, body };
  }

  /** Patterns end with a parenthesis that nothing opened; their words are dropped. */
  function parseCase(list: (...ends: string[]) => ShellNode[]): ShellNode {
    at += 1;
    while (at < tokens.length && keyword() !== "in") at += 1;
    at += 1;
    const body: ShellNode[] = [];
    while (at < tokens.length && keyword() !== "esac") {
      const nodes = list("esac", ")");
      if (keyword() === ")") {
        at += 1;
        body.push(
          ...nodes.slice(0, nodes.findLastIndex((node) => node.kind !== "simple" || node.separator === ";") + 1),
        );
      } else body.push(...nodes);
    }
    accept("esac");
    return { kind: "case", body };
  }

  function parseFunction(word: string, depth: number): ShellNode | undefined {
    const start = at;
    const isNamed = word === "function";
    if (isNamed) at += 1;
    const name = keyword() ?? "";
    at += 1;
    const hasParentheses = keyword() === "(";
    if (hasParentheses) {
      at += 1;
      if (keyword() !== ")") {
        at = start;
        return undefined;
      }
      at += 1;
    }
    if (!isNamed && !hasParentheses) {
      at = start;
      return undefined;
    }
    while (tokens[at]?.kind === "end") at += 1;
    const body = at < tokens.length ? parseNode(keyword() ?? "", [], depth + 1) : undefined;
    return { kind: "function", name, body: body === undefined ? [] : [body] };
  }

  function parseSimple(closers: readonly string[]): ShellNode {
    const words: ParsedWord[] = [];
    while (at < tokens.length) {
      const token = tokens[at];
      if (token === undefined || token.kind === "end") break;
      if (words.length > 0 && token.word.text === ")" && closers.includes(")")) break;
      words.push(token.word);
      at += 1;
    }
    const end = tokens[at];
    const isEnded = end?.kind === "end";
    if (isEnded) at += 1;
    const first = words.findIndex((one) => !/^[A-Za-z_]\w*=/.test(one.text));
    const split = first < 0 ? words.length : first;
    return {
      kind: "simple",
      assignments: words.slice(0, split),
      words: words.slice(split),
      hereDocuments: isEnded ? end.hereDocuments : [],
      separator: isEnded ? end.separator : "",
    };
  }
}
