import type { EditKit } from "../edit/edit-kit.ts";

/** 32 random characters in URL-safe base64: what `cryptography.fernet` takes as a key. The same during one run. */
export function newFernetKey(edit: EditKit, name: string): string {
  const characters = `${edit.newPassword(name)}${edit.newPassword(`${name} 2`)}`.slice(0, 32);
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_");
}
