import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import { mlflowBehaviour } from "./bake/behaviour.ts";
import { runContainer } from "./helpers/container.ts";
import { dockerOutput, uniqueName } from "./helpers/docker.ts";

const pick = "import psycopg2; print('driver', psycopg2.__version__.split()[0])";

const expectBehaviour: Readonly<Record<keyof typeof mlflowBehaviour, (image: string) => Promise<void>>> = {
  version: async (image) => {
    const { stdout } = await runContainer(image, { command: ["mlflow", "--version"] });
    expect(stdout.trim()).toBe(`mlflow, version ${image.replace(/^.*:v?/, "")}`);
  },
  command: async (image) => {
    const { stdout } = await runContainer(image, {
      command: ["bash", "-c", "id -u; pwd; command -v python pip mlflow"],
    });
    expect(stdout.trim().split("\n")).toEqual([
      "0",
      "/",
      ...["python", "pip", "mlflow"].map((program) => `/usr/local/bin/${program}`),
    ]);
  },
  noDriver: async (image) => {
    const { stderr } = await runContainer(image, { command: ["python", "-c", pick] });
    expect(stderr).toContain("No module named 'psycopg2'");
  },
  noCurl: async (image) => {
    const { exitCode } = await runContainer(image, { command: ["sh", "-c", "command -v curl wget"] });
    expect(exitCode).not.toBe(0);
  },
  pip: async (image) => {
    const install = "pip install --quiet psycopg2-binary==2.9.9";
    const inCommand = await runContainer(image, { command: ["bash", "-c", `${install} && python -c "${pick}"`] });
    expect(inCommand.stdout).toContain("driver 2.9.9");
    await using directory = await createTemporaryDirectory();
    await writeFile(join(directory.path, "Dockerfile"), `FROM ${image}\nRUN ${install}\n`);
    const tag = uniqueName("image");
    await dockerOutput(["build", "--quiet", "--tag", tag, directory.path]);
    try {
      expect((await runContainer(tag, { command: ["python", "-c", pick] })).stdout).toContain("driver 2.9.9");
    } finally {
      await dockerOutput(["rmi", "--force", tag]);
    }
  },
};

const behaviours = Object.entries(mlflowBehaviour).map(([id, { sentence }]) => [sentence, id] as const);

describe.each(["mlflow/mlflow:2.7.1", "ghcr.io/mlflow/mlflow:v3.17.2"])("%s", (image) => {
  it.concurrent.each(behaviours)("%s", async (_sentence, id) => {
    await expectBehaviour[id as keyof typeof mlflowBehaviour](image);
  });
});
