import { expect, it } from "vitest";
import { renderProperties } from "./render-properties.ts";

it("gives a database owner, limit, grants and settings, whatever their names", () => {
  const statements = renderProperties('sha"red', {
    owner: "air flow",
    connectionLimit: 20,
    grants: [
      { role: undefined, privilege: "TEMPORARY", grantable: false },
      { role: "grafana", privilege: "CONNECT", grantable: true },
    ],
    settings: [
      { role: undefined, name: "search_path", value: '"$user", mlflow' },
      { role: undefined, name: "work_mem", value: "64MB" },
      { role: "grafana", name: "my.setting", value: "it's \\ 1" },
      { role: undefined, name: "search_path", value: '""' },
    ],
  });
  expect(statements).toEqual([
    'ALTER DATABASE "sha""red" OWNER TO "air flow"',
    'ALTER DATABASE "sha""red" CONNECTION LIMIT 20',
    'REVOKE ALL ON DATABASE "sha""red" FROM PUBLIC',
    'GRANT TEMPORARY ON DATABASE "sha""red" TO PUBLIC',
    'GRANT CONNECT ON DATABASE "sha""red" TO "grafana" WITH GRANT OPTION',
    'ALTER DATABASE "sha""red" SET "search_path" TO "$user", mlflow',
    'ALTER DATABASE "sha""red" SET "work_mem" TO \'64MB\'',
    'ALTER ROLE "grafana" IN DATABASE "sha""red" SET "my"."setting" TO E\'it\'\'s \\\\ 1\'',
    'ALTER DATABASE "sha""red" SET "search_path" TO \'\'',
  ]);
});
