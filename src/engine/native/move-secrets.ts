import { findDatabaseUrls } from "../../topology/parse-database-url.ts";
import { parseShell } from "../../topology/parse-shell.ts";
import { startsProgram } from "../../topology/starts-program.ts";
import { clientProgramNames } from "./client-programs.ts";

/** Flags whose values are connection strings, and the variables MLflow reads instead (click's envvar, 1.20 to 3.17). */
const variables: Readonly<Record<string, string>> = {
  "--backend-store-uri": "MLFLOW_BACKEND_STORE_URI",
  "--registry-store-uri": "MLFLOW_REGISTRY_STORE_URI",
};

/**
 * Takes connection strings out of MLflow's commands, where `ps` shows them to everybody, and gives them as environment
 * variables that mean the same to it. Works on plain argv and inside an `sh -c` script, whatever else that starts. Out
 * of a client program's connection string only the password goes: PGPASSWORD says it as well.
 */
export function moveSecretsToEnvironment(argv: readonly string[]): {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  const environment: Record<string, string> = {};
  const script = argv.findIndex((_, index) => index > 1 && /^-\w*c$/.test(argv[index - 1] ?? ""));
  if (script > 0 && /(^|\/)(ba|da|z)?sh$/.test(argv[0] ?? "")) {
    return { argv: argv.map((word, index) => (index === script ? strip(word, environment) : word)), environment };
  }
  if (clientProgramNames.includes(argv[0]?.split("/").at(-1) ?? "")) return moveClientPassword(argv);
  if (!startsProgram(argv, "mlflow")) return { argv, environment };
  const kept: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    const [flag = "", joined] = [
      word.split("=")[0],
      word.includes("=") ? word.slice(word.indexOf("=") + 1) : undefined,
    ];
    const variable = variables[flag];
    if (variable === undefined) kept.push(word);
    else if (joined !== undefined) environment[variable] = joined;
    else environment[variable] = argv[(index += 1)] ?? "";
  }
  return { argv: kept, environment };
}

function moveClientPassword(argv: readonly string[]): ReturnType<typeof moveSecretsToEnvironment> {
  const environment: Record<string, string> = {};
  const moved = argv.map((word) => {
    const found = findDatabaseUrls(word)[0];
    const place = found?.url.spans.password;
    if (found?.url.password === undefined || place === undefined) return word;
    environment["PGPASSWORD"] = found.url.password;
    // With the colon before it.
    return word.slice(0, found.start + place[0] - 1) + word.slice(found.start + place[1]);
  });
  return { argv: moved, environment };
}

function strip(script: string, environment: Record<string, string>): string {
  const cuts: [number, number][] = [];
  for (const command of parseShell(script)) {
    const texts = command.words.map((word) => word.text);
    if (!startsProgram(texts, "mlflow")) continue;
    for (const [index, word] of command.words.entries()) {
      const flag = word.text.split("=")[0] ?? "";
      const variable = variables[flag];
      const next = command.words[index + 1];
      const joined = word.text.includes("=") ? word.text.slice(flag.length + 1) : undefined;
      const value = joined ?? next?.text;
      // A value the shell still has to expand stays where it is.
      if (variable === undefined || value === undefined || value.includes("$")) continue;
      environment[variable] = value;
      cuts.push([word.start, joined === undefined && next !== undefined ? next.end : word.end]);
    }
  }
  return cuts.toReversed().reduce((text, [start, end]) => text.slice(0, start) + text.slice(end), script);
}
