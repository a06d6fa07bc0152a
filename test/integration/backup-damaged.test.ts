import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { renderTarHeader } from "../../src/postgres/archive/tar-header.ts";
import { backUpTo, restoreFrom, startBackupLab, type BackupLab } from "../helpers/backup-lab.ts";

/** Files that are no whole backup, or that are in the way of one. */
let lab: BackupLab;
beforeAll(async () => void (lab = await startBackupLab()));
afterAll(() => lab[Symbol.asyncDispose]());

it.each([
  ["cut in the middle", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), "BACKUP_DAMAGED", /its end is missing/],
  [
    "cut at a block",
    (bytes: Buffer) => bytes.subarray(0, bytes.length - 2048),
    "BACKUP_DAMAGED",
    /end is missing|has no/,
  ],
  [
    "changed in one byte of a dump",
    (bytes: Buffer) => flip(bytes, bytes.indexOf("toc.dat") + 900),
    "BACKUP_DAMAGED",
    /checksum of databases\/1/,
  ],
  [
    "changed in its manifest",
    (bytes: Buffer) => flip(bytes, bytes.indexOf('"project"')),
    "BACKUP_DAMAGED",
    /manifest was changed/,
  ],
  [
    "changed in a header",
    (bytes: Buffer) => flip(bytes, bytes.indexOf("databases/1/toc.dat")),
    "BACKUP_DAMAGED",
    /cannot be read/,
  ],
  ["another tar file", (bytes: Buffer) => bytes.subarray(1024), "BACKUP_DAMAGED", /no backup/],
  ["no tar file", () => Buffer.from("x".repeat(4096)), "BACKUP_DAMAGED", /no backup/],
  ["empty", () => Buffer.alloc(0), "BACKUP_DAMAGED", /no backup/],
  [
    "of another format",
    (bytes: Buffer) => patch(bytes, "backup, format 1", "backup, format 9"),
    "STATE_FORMAT",
    /format 9/,
  ],
])("a file that is %s changes nothing", async (_, damage, code, message) => {
  const before = await lab.state();
  const damaged = join(lab.directory, "damaged.tar");
  await writeFile(damaged, damage(await readFile(lab.file)));
  const error = await restoreFrom(lab.access, damaged).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(await lab.state()).toEqual(before);
});

it("names that lead out of the directory are refused", async () => {
  const good = await readFile(lab.file);
  for (const name of ["../outside", "/etc/outside", "a/../../outside", "a//b", "databases/1/./x"]) {
    const entry = Buffer.concat([renderTarHeader({ name, size: 0 }, 0)]);
    const evil = join(lab.directory, "evil.tar");
    await writeFile(evil, Buffer.concat([good.subarray(0, 1024), entry, good.subarray(1024)]));
    await expect(restoreFrom(lab.access, evil)).rejects.toMatchObject({
      code: "BACKUP_DAMAGED",
      message: expect.stringContaining(name),
    });
  }
});

it("a file that is there already is not touched", async () => {
  const before = await readFile(lab.file);
  await expect(backUpTo(lab.access, lab.file, ["app"])).rejects.toMatchObject({ code: "FILE_EXISTS" });
  expect((await readFile(lab.file)).equals(before)).toBe(true);
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

function patch(bytes: Buffer, from: string, to: string): Buffer {
  const changed = Buffer.from(bytes);
  changed.write(to, changed.indexOf(from));
  return changed;
}
