import { join } from "node:path";

/** Where the tests' engine keeps images, its log and its plugins; kept from run to run, because images are slow to make. */
export const engineHome = process.env.BULKHEAD_TEST_DOCKER ?? "/var/tmp/bulkhead-docker";

/** The file in which the engine that we started names its process. */
export const enginePidFile = join(engineHome, "dockerd.pid");

/** The docker client's configuration with the newest Compose as its plugin; the user's own is left alone. */
export const clientConfig = join(engineHome, "client");

/** The same with the oldest Compose that is supported. */
export const oldestClientConfig = `${clientConfig}-oldest`;
