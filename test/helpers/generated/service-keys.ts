import { mapOf, type Draft } from "./draft.ts";
import type { Random } from "./random.ts";
import { quoted, text, value, word } from "./words.ts";

type Make = (random: Random) => Draft;

const names = ["A", "B", "C", "SET", "UNSET", "DOT"];

/** `KEY: value` or `- KEY=value`, sometimes without a value. */
function keyValues(random: Random): Draft {
  if (random.chance(0.5)) {
    return new Map(random.some(names).map((name) => [name, random.chance(0.15) ? "" : value(random)]));
  }
  return random
    .some([...names, ...names], 0.3)
    .map((name) => (random.chance(0.2) ? name : quoted(random, `${name}=${text(random)}`)));
}

function labels(random: Random): Draft {
  if (random.chance(0.5)) return new Map(random.some(["l.a", "l.b", "l.c"]).map((name) => [name, value(random)]));
  return random.some(["l.a", "l.b", "l.c"]).map((name) => quoted(random, `${name}=${text(random)}`));
}

function several(random: Random, choices: readonly Draft[], most = 3): readonly Draft[] {
  const found: Draft[] = [];
  for (let left = random.below(most + 1); left > 0; left--) {
    const choice = random.pick(choices);
    if (!found.includes(choice)) found.push(choice);
  }
  return found;
}

const number: Make = (random) => random.pick(["1", "5", "'${N}'", '"${N}"', "0", "${UNSET:-3}"]);
const flag: Make = (random) => random.pick(["true", "false", "${T}", "'${T}'", "'yes'", "${UNSET:-no}"]);
const bytes: Make = (random) => random.pick(["1g", "'512m'", "64k", "1048576", "${N}m", "1.5gb", "'2 GB'"]);
const duration: Make = (random) => random.pick(["10s", "1m30s", "'1h'", "500ms", "${N}s", "1.5s", "0s"]);

const ports: readonly Draft[] = [
  '"80"',
  "81",
  '"8080:80"',
  '"8080:81"',
  "'9090:80/udp'",
  '"127.0.0.1:8081:81"',
  '"127.0.0.1::82"',
  '"[::1]:8083:83"',
  '"7000-7001:70-71"',
  '"7100-7110:72"',
  '"3000-3002"',
  '"${P}:90"',
  '"${UNSET:-9}:91"',
  mapOf({ target: "80" }),
  mapOf({ target: "80", published: '"8080"' }),
  mapOf({ target: "81", published: "8081", host_ip: "127.0.0.1", name: "web" }),
  mapOf({ target: '"${N}"', mode: "host", app_protocol: "http" }),
  mapOf({ target: "84", protocol: "udp", published: '"9000-9005"' }),
];

const mounts: readonly Draft[] = [
  "data:/data",
  "./a:/a",
  "./b:/a:ro",
  "../up:/up",
  "/anon",
  "data:/d2:nocopy",
  "~/h:/h",
  "/abs/path:/abs/",
  '"${SET}:/set"',
  "'./${SET}:/dir:z'",
  "data:/d3:ro,nocopy",
  "./sock:/s:rw,cached",
  "more:/more/../m",
  "v:/single",
  "./x:/x:rshared",
  mapOf({ type: "bind", source: "./s", target: "/a" }),
  mapOf({ type: "bind", source: "./t", target: "/t", bind: mapOf({ create_host_path: "false" }) }),
  mapOf({ type: "volume", source: "data", target: "/data", read_only: "true" }),
  mapOf({ type: "volume", source: "more", target: "/mm", volume: mapOf({ nocopy: "${T}", subpath: "p" }) }),
  mapOf({ type: "volume", target: "/anon2" }),
  mapOf({ type: "tmpfs", target: "/tm", tmpfs: mapOf({ size: "1m", mode: "511" }) }),
  mapOf({ type: "bind", source: "${UNSET:-./dflt}", target: "/u", consistency: "cached" }),
];

const envFiles: readonly Draft[] = [
  "one.env",
  "./two.env",
  "${ENVDIR:-.}/one.env",
  mapOf({ path: "two.env", required: "false" }),
  mapOf({ path: "none.env", required: "false" }),
  mapOf({ path: "one.env", format: "raw" }),
];

function dependsOn(random: Random, others: readonly string[]): Draft {
  const wanted = random.some(others);
  if (random.chance(0.4)) return wanted;
  return new Map(
    wanted.map((name) => [
      name,
      mapOf({
        condition: random.pick(["service_started", "service_healthy", "service_completed_successfully"]),
        restart: random.chance(0.3) ? flag(random) : undefined,
        required: random.chance(0.3) ? flag(random) : undefined,
      }),
    ]),
  );
}

const healthcheck: Make = (random) =>
  mapOf({
    test: random.pick<Draft>(["curl -f ${SET}", ["CMD", "a", '"$$b"'], ["CMD-SHELL", "'x || exit 1'"], ["NONE"]]),
    interval: random.chance(0.5) ? duration(random) : undefined,
    timeout: random.chance(0.3) ? duration(random) : undefined,
    retries: random.chance(0.4) ? number(random) : undefined,
    start_period: random.chance(0.3) ? duration(random) : undefined,
    start_interval: random.chance(0.2) ? duration(random) : undefined,
    disable: random.chance(0.1) ? flag(random) : undefined,
  });

const build: Make = (random) => {
  if (random.chance(0.4)) return random.pick([".", "./ctx", "../up", "https://example.org/x.git", "'${SET}'"]);
  const inline = random.chance(0.2);
  return mapOf({
    context: random.chance(0.8) ? random.pick([".", "sub", "${SET}", "https://example.org/y.git#main:dir"]) : undefined,
    dockerfile: !inline && random.chance(0.4) ? random.pick(["Dockerfile.dev", "../D"]) : undefined,
    dockerfile_inline: inline ? { block: "|", lines: ["FROM x", "RUN echo $$A ${SET}"] } : undefined,
    args: random.chance(0.4) ? keyValues(random) : undefined,
    labels: random.chance(0.2) ? labels(random) : undefined,
    target: random.chance(0.3) ? "prod" : undefined,
    cache_from: random.chance(0.2) ? ["a:1", "type=local,src=x"] : undefined,
    additional_contexts: random.chance(0.2)
      ? random.pick<Draft>([mapOf({ res: "./res", base: "docker-image://x" }), ["res=./other"]])
      : undefined,
    extra_hosts: random.chance(0.2) ? random.pick<Draft>([["h:1.2.3.4"], mapOf({ h: "1.2.3.5" })]) : undefined,
    ssh: random.chance(0.15) ? random.pick<Draft>([["default"], mapOf({ default: "" })]) : undefined,
    shm_size: random.chance(0.15) ? bytes(random) : undefined,
    network: random.chance(0.1) ? "host" : undefined,
    no_cache: random.chance(0.1) ? flag(random) : undefined,
    tags: random.chance(0.1) ? ["x:1", "y:${SET}"] : undefined,
    secrets: random.chance(0.15) ? random.pick<Draft>([["s1"], [mapOf({ source: "s1", target: "t" })]]) : undefined,
    platforms: random.chance(0.1) ? ["linux/amd64", "linux/arm64"] : undefined,
    privileged: random.chance(0.05) ? "true" : undefined,
    provenance: random.chance(0.1) ? random.pick(["true", "mode=max"]) : undefined,
  });
};

const attachment: Make = (random) =>
  random.pick<Draft>([
    "",
    "null",
    mapOf({ aliases: several(random, ["z", "y", "'${SET}'"]) }),
    mapOf({ priority: "5", gw_priority: "1" }),
    mapOf({ ipv4_address: "10.5.0.9", mac_address: "'02:42:ac:11:65:43'" }),
    mapOf({ driver_opts: mapOf({ a: "1", b: "x" }), interface_name: "eth5" }),
  ]);

const networks: Make = (random) =>
  random.chance(0.5)
    ? random.some(["n1", "n2", "default"])
    : new Map(random.some(["n1", "n2", "default"]).map((name) => [name, attachment(random)]));

const deploy: Make = (random) =>
  mapOf({
    mode: random.chance(0.2) ? "replicated" : undefined,
    replicas: random.chance(0.3) ? random.pick(["2", "'${N}'"]) : undefined,
    labels: random.chance(0.3) ? labels(random) : undefined,
    resources: random.chance(0.4)
      ? mapOf({
          limits: random.chance(0.7)
            ? mapOf({
                cpus: random.pick(["'0.5'", "1", "'${HALF}'"]),
                memory: random.pick(["512M", "'${N}g'"]),
                pids: "9",
              })
            : undefined,
          reservations: random.chance(0.5)
            ? mapOf({
                memory: "20M",
                devices: random.chance(0.3)
                  ? [mapOf({ capabilities: ["gpu"], driver: "nvidia", count: "1" })]
                  : undefined,
              })
            : undefined,
        })
      : undefined,
    restart_policy: random.chance(0.3)
      ? mapOf({ condition: "on-failure", delay: duration(random), max_attempts: number(random), window: "2m" })
      : undefined,
    update_config: random.chance(0.2)
      ? mapOf({ parallelism: "2", delay: duration(random), order: "start-first" })
      : undefined,
    placement: random.chance(0.2)
      ? mapOf({ constraints: ["node.role == manager"], preferences: [mapOf({ spread: "node.x" })] })
      : undefined,
    endpoint_mode: random.chance(0.1) ? "vip" : undefined,
  });

const command: Make = (random) =>
  random.pick<Draft>([
    "run --x ${SET}",
    ["a", word(random), "'c d'"],
    "null",
    "",
    [],
    '"sh -c \'a b\' \\"c d\\""',
    { block: ">", lines: ['bash -c "a &&', 'b --flag ${UNSET:-v}"'] },
    { block: "|", lines: ["bash -c 'a", "b'"] },
    "''",
    "x $$HOME $${Y}",
  ]);

const hooks: Make = (random) => [
  mapOf({
    command: random.pick<Draft>(["echo ${SET}", ["a", "b"]]),
    user: random.chance(0.5) ? "root" : undefined,
    privileged: random.chance(0.3) ? flag(random) : undefined,
    working_dir: random.chance(0.3) ? "/w" : undefined,
    environment: random.chance(0.4) ? keyValues(random) : undefined,
  }),
];

const fileMounts =
  (sources: readonly string[]): Make =>
  (random) =>
    several(
      random,
      [
        ...sources,
        mapOf({ source: sources[0], target: "t1", mode: "0440", uid: "'103'" }),
        mapOf({ source: sources[1], target: "/abs/t", gid: "'104'", mode: '"0444"' }),
      ],
      2,
    );

/** What a service may say besides its image, each with how often in a hundred. */
const keys: readonly (readonly [key: string, often: number, make: Make])[] = [
  ["build", 12, build],
  ["command", 25, command],
  ["entrypoint", 10, command],
  ["environment", 45, keyValues],
  ["labels", 12, labels],
  ["annotations", 4, labels],
  [
    "sysctls",
    4,
    (random) =>
      random.pick<Draft>([
        mapOf({ "net.core.somaxconn": "1024" }),
        ["net.ipv4.tcp_syncookies=0", "net.core.somaxconn=5"],
      ]),
  ],
  ["ports", 25, (random) => several(random, ports)],
  ["expose", 6, (random) => several(random, ["'1'", "2", "'3-4'", "'5/udp'"])],
  ["volumes", 25, (random) => several(random, mounts, 4)],
  ["networks", 18, networks],
  ["healthcheck", 15, healthcheck],
  ["restart", 15, (random) => random.pick(["always", '"no"', "unless-stopped", "on-failure:3", "'${R:-always}'"])],
  ["profiles", 8, (random) => several(random, ["p1", "p2", "'${SET}'"], 2)],
  [
    "env_file",
    14,
    (random) => (random.chance(0.3) ? random.pick(["one.env", "./two.env"]) : several(random, envFiles)),
  ],
  ["tmpfs", 5, (random) => random.pick<Draft>(["/tt", ["/tt", "'/uu:size=1m'"]])],
  ["dns", 5, (random) => random.pick<Draft>(["1.1.1.1", ["8.8.8.8", "1.1.1.1"], ["'${EMPTY}'"], "'${UNSET}'"])],
  ["dns_search", 4, (random) => random.pick<Draft>(["x", ["y", "x"]])],
  ["dns_opt", 3, () => ["use-vc", "'ndots:2'"]],
  ["cap_add", 4, (random) => random.some(["NET_ADMIN", "ALL", "'${SET}'"])],
  ["cap_drop", 3, (random) => random.some(["NET_ADMIN", "ALL"])],
  ["security_opt", 3, (random) => random.some(["'label:disable'", "no-new-privileges"])],
  [
    "extra_hosts",
    6,
    (random) =>
      random.pick<Draft>([
        mapOf({ h: "1.2.3.4" }),
        ["'h:1.1.1.1'", "'g=::1'"],
        mapOf({ h: ["1.1.1.1", "2.2.2.2"] }),
        ["'host.docker.internal:host-gateway'"],
      ]),
  ],
  [
    "logging",
    8,
    (random) =>
      random.pick<Draft>([
        mapOf({ driver: "json-file", options: mapOf({ "max-size": "1m", n: "3" }) }),
        mapOf({ driver: "local" }),
        mapOf({ options: mapOf({ a: "b" }) }),
      ]),
  ],
  [
    "ulimits",
    4,
    (random) =>
      random.pick<Draft>([
        mapOf({ nofile: "10" }),
        mapOf({ nofile: mapOf({ soft: "1", hard: "2" }), nproc: "'${N}'" }),
      ]),
  ],
  ["secrets", 8, fileMounts(["s1", "s2"])],
  ["configs", 6, fileMounts(["c1", "c2"])],
  ["deploy", 9, deploy],
  ["stop_grace_period", 4, duration],
  ["stop_signal", 3, () => "SIGTERM"],
  ["mem_limit", 4, bytes],
  ["memswap_limit", 2, (random) => random.pick(["-1", "2g"])],
  ["mem_reservation", 2, bytes],
  ["shm_size", 4, bytes],
  ["cpus", 4, (random) => random.pick(["0.5", "'1.25'", "2", "'${HALF}'"])],
  ["cpu_shares", 2, number],
  ["pids_limit", 2, number],
  ["init", 5, flag],
  ["tty", 4, flag],
  ["stdin_open", 3, flag],
  ["privileged", 3, flag],
  ["read_only", 3, flag],
  ["user", 7, (random) => random.pick(["1000:1000", '"50000:0"', "'${UID:-5}:0'", "'0'", "root"])],
  ["working_dir", 4, () => "/w/../x"],
  ["hostname", 5, word],
  ["domainname", 2, () => "d.example"],
  ["container_name", 5, (random) => `c${random.below(1000)}`],
  ["platform", 3, () => "linux/amd64"],
  ["pull_policy", 4, (random) => random.pick(["always", "if_not_present", "missing", "never", "build"])],
  ["group_add", 3, (random) => random.some(["g", "5", "'6'"])],
  [
    "devices",
    3,
    (random) =>
      random.pick<Draft>([
        ["/dev/a:/dev/b"],
        ["/dev/c", "/dev/d:/dev/e:r"],
        [mapOf({ source: "/dev/f", target: "/dev/g" })],
      ]),
  ],
  ["device_cgroup_rules", 1, () => ["'c 1:3 mr'"]],
  ["gpus", 2, (random) => random.pick<Draft>(["all", [mapOf({ count: "1", driver: "nvidia" })]])],
  ["ipc", 2, (random) => random.pick(["host", "shareable"])],
  ["isolation", 1, () => "default"],
  ["runtime", 1, () => "runc"],
  ["oom_score_adj", 2, () => "-5"],
  ["storage_opt", 1, () => mapOf({ size: "'120G'" })],
  ["userns_mode", 1, () => "host"],
  ["post_start", 3, hooks],
  ["pre_stop", 3, hooks],
  [
    "develop",
    3,
    (random) =>
      mapOf({
        watch: [
          mapOf({
            path: random.pick(["./src", "x"]),
            action: random.pick(["sync", "rebuild", "sync+restart"]),
            target: "/s",
            ignore: random.pick<Draft>(["node_modules/", ["a", "b"]]),
          }),
        ],
      }),
  ],
  ["scale", 2, number],
  ["attach", 2, flag],
  ["label_file", 2, (random) => random.pick<Draft>(["labels.txt", ["./labels.txt"]])],
  ["x-ext", 6, (random) => mapOf({ a: value(random), list: [word(random), value(random)] })],
];

/** A service's keys. `others` are the services it may depend on; `whole` asks for something to run. */
export function serviceDraft(random: Random, others: readonly string[], whole: boolean): ReadonlyMap<string, Draft> {
  const service = new Map<string, Draft>();
  if (whole || random.chance(0.3)) service.set("image", random.pick(["a:1", "'b:${N}'", "c:${UNSET:-2}", "r/d/e"]));
  // A few services say much, most say little, as in real projects.
  const scale = random.pick([0.4, 1, 1, 2]);
  for (const [key, often, make] of keys) if (random.chance((often * scale) / 100)) service.set(key, make(random));
  if (others.length > 0 && random.chance(0.4)) service.set("depends_on", dependsOn(random, others));
  if (others.length > 0 && random.chance(0.04))
    service.set("links", [random.pick(others), `'${random.pick(others)}:alias'`]);
  if (others.length > 0 && random.chance(0.02)) service.set("volumes_from", [`${random.pick(others)}:ro`]);
  if (random.chance(0.03) && !service.has("networks") && !service.has("ports"))
    service.set(
      "network_mode",
      random.pick(["host", "none", ...others.slice(0, 1).map((name) => `"service:${name}"`)]),
    );
  for (const key of contradicted(service)) service.delete(key);
  return service;
}

/** What Compose would refuse beside another key. */
function contradicted(service: ReadonlyMap<string, Draft>): readonly string[] {
  return [
    ...(service.has("deploy") ? ["cpus", "mem_limit", "mem_reservation", "pids_limit", "scale"] : []),
    ...(service.has("deploy") || service.has("scale") ? ["container_name"] : []),
  ];
}
