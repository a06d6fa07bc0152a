import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bakeImages } from "./bake/bake.mjs";
import { clientConfig } from "./engine-home.mjs";
import { startEngine } from "./start-engine.mjs";
import { stopEngine } from "./stop-engine.mjs";

/**
 * Makes ready what the Docker tests need: the client's plugins, an engine, the images. The tests learn of it through
 * DOCKER_CONFIG, and of an engine that is theirs alone through BULKHEAD_TEST_ENGINE=own.
 *
 * @param {(stop: () => Promise<void>) => void} onStarted gets what ends the engine, as soon as one was started here
 * @throws {Error} when something of it cannot be had
 */
export async function prepareDocker(onStarted) {
  process.env.DOCKER_CONFIG = clientConfig;
  // Side by side: where nothing is there yet, both take minutes.
  const parts = await Promise.allSettled([installPlugins(), prepareImages(onStarted)]);
  const failed = parts.find(({ status }) => status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** In a process of its own, because it compiles while it blocks. */
async function installPlugins() {
  const script = fileURLToPath(new URL("install-plugins.mjs", import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "ignore", "inherit"] });
  const status = await new Promise((resolve) => child.once("exit", resolve));
  if (status !== 0) throw new Error("Docker Compose, which the tests need, could not be built.");
}

async function prepareImages(onStarted) {
  const { pid } = await startEngine();
  if (pid !== undefined) {
    process.env.BULKHEAD_TEST_ENGINE = "own";
    onStarted(async () => {
      await stopEngine();
    });
  }
  await bakeImages();
}
