import { describe, expect, it } from "vitest";
import { dedent } from "../../test/helpers/dedent.ts";
import { edited } from "../../test/helpers/edit-project.ts";
import type { EditKit, EditStep } from "./edit-kit.ts";

function after(text: string, operation: EditStep): string | undefined {
  return edited({ "compose.yaml": text }, operation)?.["compose.yaml"];
}

describe("setServiceKey", () => {
  it("adds a key behind the last, before comments that belong to what follows", () => {
    const before = dedent`
      services:
        db: # the server
          image: postgres:16 # pinned
          # ports:
          #   - 5432:5432

        # The cache
        cache: {image: redis}
    `;
    const healthcheck = { test: ["CMD-SHELL", "pg_isready -U u"], interval: "5s", retries: 5 };
    expect(after(before, (kit) => kit.setServiceKey("db", ["healthcheck"], healthcheck))).toBe(dedent`
      services:
        db: # the server
          image: postgres:16 # pinned
          healthcheck:
            test:
              - CMD-SHELL
              - pg_isready -U u
            interval: 5s
            retries: 5
          # ports:
          #   - 5432:5432

        # The cache
        cache: {image: redis}
    `);
  });

  it.each([
    ["image:    a   # why\n    init: true", "image:    b   # why\n    init: true"],
    ['"image": "a" # why', '"image": b # why'],
    ["image: a", "image: b"],
    ["image: !!str a", "image: !!str b"],
    ["image: >-\n      a\n    init: true", "image: b\n    init: true"],
    ["image:\n      a # why\n    init: true", "image:\n      b # why\n    init: true"],
  ])("replaces %j and nothing around it", (written, wanted) => {
    const text = (service: string) => `services:\n  s:\n    ${service}\n`;
    expect(after(text(written), (kit) => kit.setServiceKey("s", ["image"], "b"))).toBe(text(wanted));
  });

  it.each([
    ["command: a b\n      c # why", 'command: # why\n      - x\n      - "y: #"'],
    ["command: [a, b] # why", 'command: # why\n      - x\n      - "y: #"'],
    ["command: # why\n      - a # one\n      - b", 'command: # why\n      - x\n      - "y: #"'],
    ["command: | # why\n      a\n\n      b", 'command: # why\n      - x\n      - "y: #"'],
    ["command: # why", 'command: # why\n      - x\n      - "y: #"'],
    ["command:", 'command:\n      - x\n      - "y: #"'],
  ])("makes a list of %j and keeps the comment behind the key", (written, wanted) => {
    const text = (key: string) => `services:\n  s:\n    image: a\n    ${key}\n    init: true\n`;
    expect(after(text(written), (kit) => kit.setServiceKey("s", ["command"], ["x", "y: #"]))).toBe(text(wanted));
  });

  it("writes texts of several lines as literal blocks", () => {
    const before = "services:\n  s:\n    image: a\n    command:\n      - a\n";
    expect(after(before, (kit) => kit.setServiceKey("s", ["command"], "a\n  b\n\nc\n"))).toBe(
      "services:\n  s:\n    image: a\n    command: |\n      a\n        b\n\n      c\n",
    );
    expect(after(before, (kit) => kit.setServiceKey("s", ["command"], " a\nb"))).toBe(
      'services:\n  s:\n    image: a\n    command: " a\\nb"\n',
    );
  });

  it("keeps the file's line ends, indentation, byte order mark and missing last line break", () => {
    const set: EditStep = (kit) => kit.setServiceKey("s", ["depends_on"], { t: { condition: "service_started" } });
    const rest = "    t:\r\n        image: b";
    expect(after(`\uFEFFservices:\r\n    s:\r\n        image: a\r\n${rest}`, set)).toBe(
      `\uFEFFservices:\r\n    s:\r\n        image: a\r\n        depends_on:\r\n            t:\r\n                condition: service_started\r\n${rest}`,
    );
    expect(
      after("services:\n  t: {image: b}\n  s:\n    image: a", (kit) => kit.setServiceKey("s", ["init"], true)),
    ).toBe("services:\n  t: {image: b}\n  s:\n    image: a\n    init: true");
  });

  it("stays in flow style, and in JSON", () => {
    expect(after("services: {s: {image: a}}\n", (kit) => kit.setServiceKey("s", ["init"], true))).toBe(
      "services: {s: {image: a, init: true}}\n",
    );
    const json = '{\n  "services": {\n    "s": {\n      "image": "a"\n    }\n  }\n}\n';
    expect(after(json, (kit) => kit.setServiceKey("s", ["environment"], { A: "1", B: null }))).toBe(
      '{\n  "services": {\n    "s": {\n      "image": "a",\n      "environment": {"A": "1", "B": null}\n    }\n  }\n}\n',
    );
    const lines = "services:\n  s: {\n    image: a, # why\n    tty: true # also\n  }\n";
    expect(after(lines, (kit) => kit.setServiceKey("s", ["init"], true))).toBe(
      "services:\n  s: {\n    image: a, # why\n    tty: true, # also\n    init: true\n  }\n",
    );
  });

  it("edits the last document and the last file that have the key", () => {
    const texts = {
      "compose.yaml": "services:\n  s:\n    image: a\n    init: true\n---\nservices:\n  s:\n    image: b\n",
      "compose.override.yaml": "services:\n  s:\n    tty: true\n",
    };
    const set = (key: string, value: string | boolean) => (kit: EditKit) => kit.setServiceKey("s", [key], value);
    expect(edited(texts, set("image", "c"))?.["compose.yaml"]).toBe(
      texts["compose.yaml"].replace("image: b", "image: c"),
    );
    expect(edited(texts, set("init", false))?.["compose.yaml"]).toBe(
      texts["compose.yaml"].replace("init: true", "init: false"),
    );
    expect(edited(texts, set("restart", "no"))?.["compose.override.yaml"]).toBe(
      'services:\n  s:\n    tty: true\n    restart: "no"\n',
    );
  });

  it("edits services that an included file brings", () => {
    const texts = { "compose.yaml": "include: [sub/c.yaml]\n", "sub/c.yaml": "services:\n  s:\n    image: a\n" };
    expect(edited(texts, (kit) => kit.setServiceKey("s", ["image"], "b"))?.["sub/c.yaml"]).toContain("image: b");
  });
});

describe("anchors and merge keys", () => {
  const shared = dedent`
    x-common: &common
      image: a
      healthcheck: # all of them
        test: t
        interval: 3s
    services:
      one:
        <<: *common
      two:
        <<: *common
        init: true
  `;

  it("give the service a mapping of its own that takes the shared one over", () => {
    const set: EditStep = (kit) => kit.setServiceKey("one", ["healthcheck", "interval"], "5s");
    expect(after(shared, set)).toBe(dedent`
      x-common: &common
        image: a
        healthcheck: &common-healthcheck # all of them
          test: t
          interval: 3s
      services:
        one:
          <<: *common
          healthcheck:
            <<: *common-healthcheck
            interval: 5s
        two:
          <<: *common
          init: true
    `);
  });

  it("are changed themselves when all their services want it", () => {
    const set: EditStep = (kit) => kit.setServiceKey(["one", "two"], ["healthcheck", "interval"], "5s");
    expect(after(shared, set)).toBe(shared.replace("3s", "5s"));
  });

  it("are hidden by an own key where the whole value is set", () => {
    expect(after(shared, (kit) => kit.setServiceKey("two", ["image"], "b"))).toBe(
      shared.replace("init: true\n", "init: true\n    image: b\n"),
    );
  });

  it("stay for whoever else uses a value", () => {
    const text = "services:\n  s:\n    image: &i a\n  t:\n    image: *i\n";
    expect(after(text, (kit) => kit.setServiceKey("s", ["image"], "b"))).toBeUndefined();
    expect(after(text, (kit) => kit.setServiceKey("t", ["image"], "b"))).toBe(text.replace("*i", "b"));
  });

  it("refuse an anchor that means something else where it is needed", () => {
    const text = dedent`
      x-a: &a
        image: a
        environment: &e {A: one}
      x-b: &e {B: two}
      services:
        s:
          <<: *a
        t:
          <<: *a
    `;
    expect(after(text, (kit) => kit.setServiceKey("s", ["environment", "C"], "c"))).toBeUndefined();
  });
});

describe("removeServiceKey", () => {
  it.each([
    ["image: a\n    ports: # why\n      - 80:80\n      # more\n    init: true", "image: a\n    init: true"],
    ["image: a\n    ports: [80:80] # why", "image: a"],
    ["ports: [80:80]\n    image: a", "image: a"],
  ])("takes the lines of %j", (written, wanted) => {
    const text = (service: string) => `services:\n  s:\n    ${service}\n`;
    const remove: EditStep = (kit) => kit.removeServiceKey("s", ["ports"]);
    expect(after(text(written), remove)).toBe(text(wanted));
    expect(after(text(wanted), remove)).toBe(text(wanted));
  });

  it.each([
    ["{image: a, ports: [1], init: true}", "{image: a, init: true}"],
    ["{ports: [1], image: a}", "{image: a}"],
    ["{image: a, ports: [1]}", "{image: a}"],
  ])("takes an entry and a comma from %s", (written, wanted) => {
    expect(after(`services: {s: ${written}}\n`, (kit) => kit.removeServiceKey("s", ["ports"]))).toBe(
      `services: {s: ${wanted}}\n`,
    );
  });

  it("refuses what other services share", () => {
    const text = "x-a: &a {image: a, init: true}\nservices:\n  s: {<<: *a}\n  t: {<<: *a}\n";
    expect(after(text, (kit) => kit.removeServiceKey("s", ["init"]))).toBeUndefined();
    expect(after(text, (kit) => kit.removeServiceKey(["s", "t"], ["init"]))).toBe(text.replace(", init: true", ""));
  });
});

describe("appendServiceItem", () => {
  it.each([
    ["ports:\n      - 80:80 # why\n    init: true", 'ports:\n      - 80:80 # why\n      - "82:82"\n    init: true'],
    ["ports:\n    - '80:80'", "ports:\n    - '80:80'\n    - '82:82'"],
    ["ports: ['80:80']", "ports: ['80:80', '82:82']"],
    ['ports: [\n      "80:80",\n    ]', 'ports: [\n      "80:80",\n      "82:82",\n    ]'],
    ["ports: []", 'ports: ["82:82"]'],
    ["ports:", 'ports:\n      - "82:82"'],
    ["init: true", 'init: true\n    ports:\n      - "82:82"'],
  ])("adds to %j in its style", (written, wanted) => {
    const text = (key: string) => `services:\n  s:\n    image: a\n    ${key}\n`;
    const expected = after(text(written), (kit) => kit.appendServiceItem("s", "ports", "82:82"));
    expect(expected).toBe(text(wanted));
  });

  it("copies a list that others share", () => {
    const text =
      "x-v: &v\n  - d:/d\nservices:\n  s: &s\n    image: a\n    volumes: *v # why\n  t: {image: b, volumes: *v}\nvolumes: {d: }\n";
    expect(after(text, (kit) => kit.appendServiceItem("s", "volumes", "d:/e"))).toBe(
      text.replace("volumes: *v # why", "volumes: # why\n      - d:/d\n      - d:/e"),
    );
  });

  it("keeps the default network beside the first one named, and adds a key to a mapping", () => {
    const append: EditStep = (kit) => kit.appendServiceItem("s", "networks", "n");
    expect(after("services:\n  s:\n    image: a\n", append)).toBe(
      "services:\n  s:\n    image: a\n    networks:\n      - default\n      - n\n",
    );
    expect(after("services:\n  s:\n    image: a\n    networks:\n      m: {aliases: [x]}\n", append)).toBe(
      "services:\n  s:\n    image: a\n    networks:\n      m: {aliases: [x]}\n      n:\n",
    );
  });
});

describe("addServiceKeyBeside", () => {
  const text = "x-app: &app\n  image: a\n  tty: true\nservices:\n  s:\n    <<: *app\n  t:\n    <<: *app\n";

  it("adds to what all named services share", () => {
    expect(after(text, (kit) => kit.addServiceKeyBeside(["s", "t"], "init", true, "image"))).toBe(
      text.replace("tty: true\n", "tty: true\n  init: true\n"),
    );
  });

  it("adds to the service itself where others share the other key too", () => {
    expect(after(text, (kit) => kit.addServiceKeyBeside("t", "init", true, "image"))).toBe(`${text}    init: true\n`);
  });
});
