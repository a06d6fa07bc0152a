import { defineConfig } from "vitest/config";

/** Also on a machine with Docker, whose tests are a tier of their own. */
const env = { BULKHEAD_ENGINE: "native" };

/** Time limits only end what hangs: they leave room for a machine that is slow and busy besides. */
const expect = { poll: { timeout: 300_000 } };

export default defineConfig({
  test: {
    // What each tier is for: CONTRIBUTING.md. Tests of whole stacks run one at a time: each starts a dozen processes.
    projects: [
      {
        test: {
          name: "unit",
          expect,
          env,
          include: ["src/**/*.test.ts", "test/structure.test.ts", "test/unit/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "integration",
          expect,
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
          expect,
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
          expect,
          include: ["test/docker/**/*.test.ts"],
          maxConcurrency: 3,
          globalSetup: ["test/helpers/leak-check.ts", "test/docker/helpers/leak-check.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "full",
          expect,
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
