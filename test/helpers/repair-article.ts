import { cp, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { StackHome } from "./stack-home.ts";

const fixtures = fileURLToPath(new URL("../fixtures/article", import.meta.url));

/** What became of a printed stack that `check --fix=behaviour` repaired, `up` started and `prove` proved. */
export interface RepairedArticle {
  /** The rules of the certain errors for which `up` refused the stack as printed, in the order of the file. */
  readonly refusedFor: readonly string[];
  /** The Compose file before and after. */
  readonly printed: string;
  readonly compose: string;
  /** Services of `up` with their states. */
  readonly states: Readonly<Record<string, string>>;
}

/**
 * Copies `test/fixtures/article/NAME` and lives its story: `up` refuses it, `check --fix=behaviour` is the only thing
 * done to it, a second one changes no byte, `up` starts it, `prove` passes. No password is said on the way.
 *
 * @param passwords as they stand in the printed file, in the surroundings that make them one
 * @param flags of `check` beside `--fix=behaviour`
 */
export async function repairArticle(
  home: StackHome,
  name: "before" | "after",
  passwords: readonly string[],
  flags: readonly string[] = [],
): Promise<RepairedArticle> {
  const project = join(home.directory, name);
  await cp(join(fixtures, name), project, { recursive: true });
  home.onEndBringDown(project);
  const printed = await readFile(join(project, "compose.yaml"), "utf8");
  expect(passwords.filter((password) => !printed.includes(password))).toEqual([]);

  const refused = await home.run(project, "up", "--auto-ports");
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toMatch(/^ {2}bulkhead check --fix(=behaviour)?$/m);
  const refusal = await home.run(project, "up", "--auto-ports", "--json");
  expect(refusal.exitCode).toBe(1);
  const { errors } = JSON.parse(refusal.stdout) as { errors: { code: string; detail: { rules: string[] } }[] };
  expect(errors).toMatchObject([{ code: "CHECK_FAILED" }]);
  const refusedFor = errors[0]?.detail.rules ?? [];
  expect(refusedFor.filter((rule) => !refused.stderr.includes(`(${rule})`))).toEqual([]);

  const check = await home.run(project, "check");
  expect(check.exitCode).toBe(1);
  const diff = await home.run(project, "check", "--fix=behaviour", "--diff", ...flags);
  expect(await readFile(join(project, "compose.yaml"), "utf8")).toBe(printed);
  const fix = await home.run(project, "check", "--fix=behaviour", ...flags);
  expect(fix.exitCode === 0 ? "" : fix.stdout + fix.stderr).toBe("");
  const [compose, dotenv] = await readBoth(project);
  expect((await stat(join(project, ".env"))).mode & 0o777).toBe(0o600);

  const again = await home.run(project, "check", "--fix=behaviour", ...flags);
  expect(again.exitCode).toBe(0);
  expect(await readBoth(project)).toEqual([compose, dotenv]);

  const up = await home.run(project, "up", "--auto-ports", "--json");
  expect(up.exitCode === 0 ? "" : up.stdout + up.stderr).toBe("");
  const { services } = JSON.parse(up.stdout) as { services: { name: string; state: string }[] };
  const prove = await home.run(project, "prove");
  expect(prove.exitCode === 0 ? "" : prove.stdout + prove.stderr).toBe("");

  const secrets = [...(dotenv?.matchAll(/^\w+=(.+)$/gm) ?? [])].map(([, value]) => value ?? "");
  expect(secrets.length).toBeGreaterThan(0);
  const outputs = [refused, refusal, check, diff, fix, again, up, prove];
  const said = outputs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  expect([...secrets, ...passwords].filter((secret) => said.includes(secret))).toEqual([]);

  return {
    printed,
    refusedFor,
    compose: compose ?? "",
    states: Object.fromEntries(services.map((service) => [service.name, service.state])),
  };
}

async function readBoth(project: string): Promise<readonly string[]> {
  return Promise.all(["compose.yaml", ".env"].map((file) => readFile(join(project, file), "utf8")));
}
