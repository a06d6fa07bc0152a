import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createStackHome } from "../helpers/stack-home.ts";

const compose = `name: paths
services:
  job:
    # The packages of the default pair, which other tests install too.
    build:
      dockerfile_inline: |
        FROM apache/airflow:3.3.2
        RUN pip install mlflow-skinny==3.17.2
    environment:
      OUTPUT: /data/from-environment
    command:
      - bash
      - -c
      - |
        set -e
        echo unquoted > /data/unquoted
        cat "/data/unquoted" '/data/unquoted' > /tmp/both
        cp /tmp/both /data/both
        python - <<'PYTHON'
        import multiprocessing, os, pathlib, socket, tempfile
        # LocalExecutor's way to share state: a Unix socket in the temporary directory.
        with multiprocessing.Manager() as manager:
            shared = manager.list([socket.gethostname()])
            pathlib.Path(os.environ["OUTPUT"]).write_text(str(shared[0]))
        assert pathlib.Path(tempfile.gettempdir(), "both").read_text() == "unquoted\\nunquoted\\n"
        PYTHON
        pwd
    volumes: [data:/data]
volumes: {data: {}}
`;

it("a unit's paths work below a long data directory with blanks, quotes and other scripts", async () => {
  const name = `Ünïcode 'quoted' $HOME "数据" `;
  await using home = await createStackHome(name + "x".repeat(120 - name.length));
  const project = join(home.directory, "paths");
  await mkdir(project);
  await writeFile(join(project, "compose.yaml"), compose);
  home.onEndBringDown(project);
  const up = await home.run(project, "up", "--auto-ports");
  expect(up.exitCode === 0 ? "" : up.stdout + up.stderr).toBe("");

  const data = join(home.env["BULKHEAD_HOME"] ?? "", "projects/paths/volumes/paths_data");
  expect(await readFile(join(data, "both"), "utf8")).toBe("unquoted\nunquoted\n");
  expect(await readFile(join(data, "from-environment"), "utf8")).toBe("job");
  // In the unit's own tree, at the image's working directory.
  expect((await home.run(project, "logs", "job")).stdout).toMatch(/units\/job\/root\/opt\/airflow/);
});
