import { airflowOptions, airflowVariable, type AirflowOption } from "../catalog/airflow/connections.ts";
import type { AddressCandidate } from "./address-candidate.ts";
import { expandVariables } from "./expand-variables.ts";
import { printCommand } from "./print-command.ts";
import { readIni } from "./read-ini.ts";
import type { ServiceView } from "./service-view.ts";
import { traceImage, traceValue, type TracedText } from "./traced-text.ts";

/**
 * The places that give Airflow in this service an address of a role, in Airflow's own order. The last one is Airflow's
 * default, if it has one.
 */
export function airflowCandidates(
  view: ServiceView,
  role: AirflowOption["role"],
  variables: ReadonlyMap<string, TracedText>,
): readonly AddressCandidate[] {
  const options = airflowOptions.filter((option) => option.role === role);
  const found = options.flatMap((option) => inEnvironment(view, option, variables));
  if (found.length === 0) found.push(...missingFiles(view));
  found.push(...inConfigFile(view, options, variables));
  if (role === "metadata") {
    const home = variables.get("AIRFLOW_HOME")?.text ?? "/opt/airflow";
    found.push({
      writtenIn: "Airflow's default",
      via: "default",
      text: traceImage(`sqlite:///${home}/airflow.db`),
    });
  }
  return found;
}

function inEnvironment(
  view: ServiceView,
  option: AirflowOption,
  variables: ReadonlyMap<string, TracedText>,
): AddressCandidate[] {
  const name = airflowVariable(option);
  const found: AddressCandidate[] = [];
  const plain = variables.get(name);
  // Airflow expands `$NAME` in what it reads (expand_env_var).
  if (plain !== undefined) found.push({ writtenIn: name, via: "environment", text: expandVariables(plain, variables) });
  const command = variables.get(`${name}_CMD`);
  if (command !== undefined) found.push(fromCommand(view, `${name}_CMD`, command));
  const secret = variables.get(`${name}_SECRET`);
  if (secret !== undefined)
    found.push({
      writtenIn: `${name}_SECRET`,
      via: "environment",
      text: secret,
      reason: `${name}_SECRET names an entry of a secrets backend`,
    });
  return found;
}

/** `cat FILE` of a file of the project is read; any other command stays unknown. */
function fromCommand(view: ServiceView, writtenIn: string, command: TracedText): AddressCandidate {
  const words = command.text.trim().split(/\s+/);
  const printed = printCommand(words.map(traceImage), undefined, (path) => {
    const file = view.files.read(path);
    return file.kind === "text" ? file.text : undefined;
  });
  const isFile = words[0] === "cat" && printed !== undefined;
  return isFile
    ? { writtenIn, via: "environment", text: printed }
    : { writtenIn, via: "environment", text: command, reason: `${writtenIn} runs a command in the container` };
}

function missingFiles(view: ServiceView): AddressCandidate[] {
  return view.missingEnvFiles.slice(0, 1).map((path) => ({
    writtenIn: path,
    via: "environment",
    text: traceValue("", ["services", view.name, "env_file"]),
    reason: `${path} is missing`,
  }));
}

function inConfigFile(
  view: ServiceView,
  options: readonly AirflowOption[],
  variables: ReadonlyMap<string, TracedText>,
): AddressCandidate[] {
  const home = variables.get("AIRFLOW_HOME")?.text ?? "/opt/airflow";
  const written = variables.get("AIRFLOW_CONFIG");
  const file = view.files.read(written?.text ?? `${home}/airflow.cfg`);
  if (file.kind !== "text") {
    // The image generates one with defaults; only a path of its own, or a volume, can hold something else.
    if (written === undefined && !(file.kind === "unknown" && file.reason.includes(" volume "))) return [];
    const text = written ?? traceImage(`${home}/airflow.cfg`);
    return [{ writtenIn: "airflow.cfg", via: "file", text, reason: file.reason }];
  }
  const ini = readIni(file.text);
  return options.flatMap((option): AddressCandidate[] => {
    const key = `${option.section}.${option.key}`;
    const writtenIn = `${option.key} in airflow.cfg`;
    const value = ini.get(key);
    const command = ini.get(`${key}_cmd`);
    const secret = ini.get(`${key}_secret`);
    return [
      ...(value === undefined || value.text === ""
        ? []
        : [{ writtenIn, via: "file" as const, text: expandVariables(value, variables) }]),
      ...(command === undefined
        ? []
        : [{ ...fromCommand(view, `${option.key}_cmd in airflow.cfg`, command), via: "file" as const }]),
      ...(secret === undefined
        ? []
        : [
            {
              writtenIn,
              via: "file" as const,
              text: secret,
              reason: `${option.key}_secret names an entry of a secrets backend`,
            },
          ]),
    ];
  });
}
