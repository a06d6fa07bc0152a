import { randomBytes } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dockerOutput } from "./docker.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Copies a tracked example to a directory, with random values for what its file demands of `.env`; gives the file's text. */
export async function copyExample(example: string, directory: string): Promise<string> {
  await cp(join(root, "examples", example), directory, { recursive: true });
  const file = await readFile(join(directory, "compose.yaml"), "utf8");
  const wanted = new Set([...file.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name));
  await writeFile(join(directory, ".env"), [...wanted].map((name) => `${name}=${secretFor(name)}\n`).join(""));
  return file;
}

function secretFor(name: string | undefined): string {
  if (name?.endsWith("_USER") === true) return "admin";
  // A Fernet key is 32 bytes in URL-safe base64 with its padding.
  if (name?.endsWith("FERNET_KEY") === true) return `${randomBytes(32).toString("base64url")}=`;
  return randomBytes(32).toString("hex");
}

/** A port that nobody listens on now. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once("error", reject);
    listener.listen(0, () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });
}

/** Removes the images that Compose built for a project: `down --rmi local` leaves what the classic builder made. */
export async function removeBuiltImages(project: string): Promise<void> {
  const built = await dockerOutput(["image", "ls", "--quiet", "--filter", `reference=${project}-*`]);
  if (built !== "") await dockerOutput(["image", "rm", "--force", ...new Set(built.split("\n"))]);
}
