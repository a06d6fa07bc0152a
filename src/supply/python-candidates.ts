import type { Ports } from "../ports/ports.ts";

const NAME = /^python3(\.\d+)?$/;
const SYSTEM = ["/usr/local/bin", "/usr/bin", "/bin"];

/**
 * Absolute paths, symlinks resolved, that may be Python interpreters: `python3` and `python3.X` on PATH, in the system
 * directories and in those of Homebrew, python.org's macOS installer, pyenv, asdf, mise and uv. Nothing is executed.
 */
export async function pythonCandidates(io: Pick<Ports, "files" | "host">): Promise<readonly string[]> {
  const { env, home, platform } = io.host;
  const shims = /\/(\.pyenv|\.asdf)\/shims\/?$|\/mise\/shims\/?$/;
  const path = (env.PATH ?? "").split(":").filter((directory) => directory.startsWith("/") && !shims.test(directory));
  const data = env.XDG_DATA_HOME ?? `${home}/.local/share`;
  const versioned = [
    `${env.PYENV_ROOT ?? `${home}/.pyenv`}/versions`,
    `${env.ASDF_DATA_DIR ?? `${home}/.asdf`}/installs/python`,
    `${env.MISE_DATA_DIR ?? `${data}/mise`}/installs/python`,
    env.UV_PYTHON_INSTALL_DIR ?? `${data}/uv/python`,
    ...(platform === "darwin" ? ["/Library/Frameworks/Python.framework/Versions"] : []),
  ];
  const below = await Promise.all(
    versioned.map(async (directory) => (await list(io, directory)).map((name) => `${directory}/${name}/bin`)),
  );
  const directories = [
    ...path,
    ...SYSTEM,
    ...(platform === "darwin" ? ["/opt/homebrew/bin", "/Library/Developer/CommandLineTools/usr/bin"] : []),
    ...below.flat(),
  ];
  const found = new Set<string>();
  for (const directory of new Set(directories)) {
    // macOS answers /usr/bin/python3 with a dialog when its developer tools are not installed.
    if (platform === "darwin" && directory === "/usr/bin") continue;
    for (const name of await list(io, directory)) {
      if (!NAME.test(name)) continue;
      const real = await io.files.realPath(`${directory}/${name}`).catch(() => undefined);
      if (real !== undefined) found.add(real);
    }
  }
  return [...found];
}

async function list(io: Pick<Ports, "files">, directory: string): Promise<readonly string[]> {
  return io.files.list(directory).catch(() => []);
}
