/**
 * Whether a simple command's words start a program, be it through another one: `exec mlflow server`, `python -m mlflow
 * server`. Only words before the first flag count, and no URL: values often end in a program's name (`.../mlflow`).
 */
export function startsProgram(words: readonly string[], program: string): boolean {
  const flag = words.findIndex((word) => word.startsWith("-") && word !== "-m");
  const leading = flag < 0 ? words : words.slice(0, flag);
  return leading.some((word) => !word.includes("://") && word.split("/").at(-1) === program);
}
