import type { Service } from "../compose/project.ts";

/** A script that a service hands to a shell: `bash -c SCRIPT`. */
export interface ShellScript {
  readonly script: string;
  /** Where it stands in the canonical model. */
  readonly path: readonly (string | number)[];
  /** `bash`, `sh`. */
  readonly shell: string;
}

/** Scripts in a service's entrypoint, command and health check; an entrypoint `bash -c` takes its script from the command. */
export function shellScripts(name: string, { entrypoint, command, healthcheck }: Service): readonly ShellScript[] {
  const argv = [
    ...(entrypoint ?? []).map((word, at) => ({ word, path: ["services", name, "entrypoint", at] })),
    ...(command ?? []).map((word, at) => ({ word, path: ["services", name, "command", at] })),
  ];
  const test = healthcheck?.test ?? [];
  const check = test.map((word, at) => ({ word, path: ["services", name, "healthcheck", "test", at] }));
  const inCheck =
    test[0] === "CMD-SHELL"
      ? findScript([{ word: "sh", path: [] }, { word: "-c", path: [] }, ...check.slice(1)])
      : findScript(check.slice(1));
  return [...findScript(argv), ...inCheck];
}

interface Word {
  readonly word: string;
  readonly path: readonly (string | number)[];
}

/** A shell may stand behind `exec`, `tini --` or the like. */
function findScript(argv: readonly Word[]): readonly ShellScript[] {
  const shell = argv.findIndex(({ word }) => /(^|\/)(ba|da|z|k)?sh$/.test(word));
  const flag = argv.findIndex(({ word }, at) => at > shell && /^-\w*c$/.test(word));
  const script = argv[flag + 1];
  const name = argv[shell]?.word.split("/").at(-1);
  if (shell < 0 || shell > 2 || flag < 0 || script === undefined || name === undefined) return [];
  return [{ script: script.word, path: script.path, shell: name }];
}
