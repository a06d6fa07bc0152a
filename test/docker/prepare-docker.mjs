import { bakeImages } from "./bake/bake.mjs";
import { clientConfig } from "./engine-home.mjs";
import { installPlugins } from "./install-plugins.mjs";
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
  installPlugins();
  process.env.DOCKER_CONFIG = clientConfig;
  const { pid } = await startEngine();
  if (pid !== undefined) {
    process.env.BULKHEAD_TEST_ENGINE = "own";
    onStarted(async () => {
      await stopEngine();
    });
  }
  await bakeImages();
}
