import { defineConfig } from "vitest/config";

/** Also on a machine with Docker, whose tests are a tier of their own. */
const env = { BULKHEAD_ENGINE: "native" };

export default defineConfig({
  test: {
    // What each tier is for: CONTRIBUTING.md. Tests of whole stacks run one at a time: each starts a dozen processes.
    // Time limits only end what hangs: they leave room for a machine that is slow and busy besides.
    projects: [
      {
        test: {
          name: "unit",
          env,
          include: ["src/**/*.test.ts", "test/structure.test.ts", "test/unit/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "integration",
          env,
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/helpers/leak-check.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "e2e",
          env,
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/helpers/leak-check.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "docker",
          include: ["test/docker/**/*.test.ts"],
          maxConcurrency: 3,
          globalSetup: ["test/helpers/leak-check.ts", "test/docker/helpers/leak-check.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "full",
          env,
          include: ["test/full/**/*.test.ts"],
          globalSetup: ["test/helpers/leak-check.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
});
