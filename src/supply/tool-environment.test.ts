import { describe, expect, it } from "vitest";
import { toolEnvironment } from "./tool-environment.ts";

describe("toolEnvironment", () => {
  it("keeps registries, proxies and certificates", () => {
    const env = {
      PATH: "/bin",
      HTTPS_PROXY: "http://proxy:3128",
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      PIP_INDEX_URL: "https://mirror/simple",
      UV_DEFAULT_INDEX: "https://mirror/simple",
      UV_INDEX_MIRROR_PASSWORD: "s",
      npm_config_registry: "https://npm.mirror",
      "npm_config_//npm.mirror/:_authToken": "t",
      NPM_CONFIG_CAFILE: "/ca.pem",
      NPM_TOKEN: "t",
    };
    expect(toolEnvironment({ env })).toEqual(env);
  });

  it("drops what would change the result", () => {
    const env = {
      PATH: "/bin",
      PYTHONPATH: "/x",
      VIRTUAL_ENV: "/venv",
      UV_CONSTRAINT: "c.txt",
      UV_PROJECT_ENVIRONMENT: "/x",
      npm_config_global: "true",
      npm_config_prefix: "/x",
      PIP_TARGET: "/x",
    };
    expect(toolEnvironment({ env })).toEqual({ PATH: "/bin" });
  });

  it("adds the caller's own and a PATH", () => {
    expect(toolEnvironment({ env: {} }, { A: "1" })).toEqual({ PATH: "/usr/local/bin:/usr/bin:/bin", A: "1" });
  });
});
