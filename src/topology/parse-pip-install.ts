/**
 * The requirements of a `pip install` command line (`pip`, `pip3`, `python -m pip`, `uv pip`), or undefined when it is
 * another command. Flags that only steer pip (`--no-cache-dir`, `--user`, `-U`, index options) are dropped.
 */
export function parsePipInstall(
  words: readonly string[],
): { readonly requirements: readonly string[]; readonly files: readonly string[] } | undefined {
  const isPip = (word: string | undefined): boolean => word !== undefined && /(^|\/)pip[\d.]*$/.test(word);
  const at = words.findIndex(isPip);
  const before = words.slice(0, Math.max(at, 0));
  const starts =
    at === 0 || before.join(" ") === "uv" || (/^(.*\/)?python[\d.]*$/.test(before[0] ?? "") && before[1] === "-m");
  if (at < 0 || !starts || words[at + 1] !== "install") return undefined;
  const withValue = new Set([
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "--timeout",
    "--trusted-host",
    "-f",
    "--find-links",
    "-t",
    "--target",
  ]);
  const requirements: string[] = [];
  const files: string[] = [];
  for (let index = at + 2; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "-r" || word === "--requirement") files.push(words[(index += 1)] ?? "");
    else if (word.startsWith("--requirement=")) files.push(word.slice("--requirement=".length));
    else if (withValue.has(word)) index += 1;
    else if (!word.startsWith("-") && word !== "pip") requirements.push(word);
  }
  return { requirements, files };
}
