// Writes test/fixtures/databases: databases that the real Airflow and MLflow made, migrated and filled, as plain SQL.
//
//   node scripts/states/record-databases.mjs [NAME...]   make them again (network, minutes)
//   node scripts/states/record-databases.mjs --check     fail when one is missing, unknown or changed by hand
//   node scripts/states/record-databases.mjs --accept [NAME...]   fail when the release that made one does not take it
//
// Only the real packages record: what cannot be installed or does not end as expected ends this with an error. Ids, moments
// and encrypted passwords differ from run to run.
import { acceptRecording } from "./accept-recording.mjs";
import { ensureEnvironment, openLab } from "./open-lab.mjs";
import { importParts } from "../import-parts.mjs";
import { recordings } from "./recordings.mjs";
import { checkRecordings, writeRecording } from "./write-recording.mjs";

const { readManifest, startTestServer } = await importParts({
  "test/helpers/database-states.ts": ["readManifest"],
  "test/helpers/test-server.ts": ["startTestServer"],
});

const given = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith("--")));
const names = given.length > 0 ? given : Object.keys(recordings);
if (flags.has("--check")) {
  const faults = checkRecordings(Object.keys(recordings));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) console.error("run: node scripts/states/record-databases.mjs");
  process.exitCode = faults.length > 0 ? 1 : 0;
} else if (flags.has("--accept")) {
  for (const name of names) {
    const { reader, installations, env } = recordings[name];
    if (reader !== undefined) await acceptRecording(name, installations[reader], env);
  }
} else {
  for (const name of names) await record(name);
}

async function record(name) {
  const recording = recordings[name];
  if (recording === undefined) throw new Error(`no recording is called ${name}`);
  const started = Date.now();
  const installed = {};
  for (const [key, [product, version, ...extras]] of Object.entries(recording.installations))
    installed[key] = await ensureEnvironment(product, version, extras);
  const { from } = recording;
  const begun = from === undefined ? undefined : readManifest(from);
  const server = await startTestServer(recording.postgres ?? Number.parseInt(begun.postgres, 10));
  const lab = openLab(server, "recorded", { isRecorded: true });
  try {
    if (from === undefined) await server.query("postgres", "create database recorded");
    else await server.restore(from, { database: "recorded" });
    const filled = (await recording.make(lab, installed)) ?? [];
    const facts = {
      about: recording.about,
      ...(from === undefined ? {} : { from }),
      installations: Object.values(recording.installations).map((lines) => lines.join(" ")),
      filledByDefinition: [...(begun?.filledByDefinition ?? []), ...filled],
    };
    const { bytes, rows } = await writeRecording(server, "recorded", name, facts);
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(`${name}: ${(bytes / 1024).toFixed(1)} KB, ${rows} rows, ${seconds} s`);
  } finally {
    lab.close();
    await server[Symbol.asyncDispose]();
  }
}
