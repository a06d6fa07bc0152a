import { describe, expect, it } from "vitest";
import { dedent } from "../../test/helpers/dedent.ts";
import { edited } from "../../test/helpers/edit-project.ts";
import type { ServiceCopy } from "./edit-kit.ts";

function copied(text: string, copy: Partial<ServiceCopy> = {}): string | undefined {
  const wanted: ServiceCopy = { as: "scheduler", without: ["ports"], set: { command: "scheduler" }, ...copy };
  return edited({ "compose.yaml": text }, (kit) => kit.copyService("web", wanted))?.["compose.yaml"];
}

describe("copyService", () => {
  it("copies lines as they stand, with merge keys, quotes and comments", () => {
    const before = dedent`
      x-common: &common
        image: a:1

      services:
        web:
          <<: *common
          # How it is reached
          ports:
            - "80:80"
          environment:
            - 'A=\${B}'   # 환경
            - C=1
          command: web

        # The other one
        db:
          image: d:1
    `;
    const copy = [
      "  scheduler:",
      "    <<: *common",
      "    environment:",
      "      - 'A=\\${B}'   # 환경",
      "      - C=1",
      "    command: scheduler",
      "",
      "  # The other one",
    ];
    expect(copied(before)).toBe(before.replace("  # The other one", () => copy.join("\n")));
  });

  it("names an anchored value by an alias", () => {
    const before = dedent`
      services:
        web:
          image: a:1
          environment: &env
            A: 1
    `;
    expect(copied(before)).toBe(
      `${before}  scheduler:\n    image: a:1\n    environment: *env\n    command: scheduler\n`,
    );
  });

  it.each([
    ["flow style", "services:\n  web: { image: a:1 }\n"],
    ["an anchor inside a value", "services:\n  web:\n    image: a:1\n    environment:\n      A: &a x\n"],
    ["ports that a merge key brings", "x-c: &c\n  ports: ['80:80']\nservices:\n  web:\n    <<: *c\n    image: a:1\n"],
    ["a name that is taken", "services:\n  web:\n    image: a:1\n  scheduler:\n    image: a:1\n"],
  ])("copies nothing of %s", (_, text) => {
    expect(copied(text)).toBeUndefined();
  });

  it("keeps line ends, and ends a file that had no last line break", () => {
    expect(copied("services:\r\n  web:\r\n    image: a:1")).toBe(
      "services:\r\n  web:\r\n    image: a:1\r\n  scheduler:\r\n    image: a:1\r\n    command: scheduler",
    );
  });
});
