import type { SupplyContext } from "./supply.ts";

/** Makes a directory and its missing parents, each 0755 whatever the umask is. Existing ones are left as they are. */
export async function makeReadableDirectory(context: Pick<SupplyContext, "io">, path: string): Promise<void> {
  const { files } = context.io;
  if (await files.exists(path)) return;
  const parent = path.slice(0, path.lastIndexOf("/"));
  if (parent !== "") await makeReadableDirectory(context, parent);
  await files.makeDirectory(path);
  await files.chmod(path, 0o755);
}
