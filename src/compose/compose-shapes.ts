import {
  anyText,
  bytes,
  command,
  deviceCount,
  duration,
  fileMode,
  flag,
  float,
  healthTest,
  hosts,
  integer,
  labels,
  optOut,
  plainDuration,
  repeatedOptions,
  sshKeys,
  text,
  texts,
  ulimit,
  variables,
} from "./decode-leaves.ts";
import { listOf, mapOf, pointer, struct, type Field, type Shape } from "./shapes.ts";

// Compose's model, field by field. Source: compose-go v2.16.1 types/.

const fileReference = struct({ source: text, target: text, uid: text, gid: text, mode: pointer(fileMode) });

const throttle = struct({
  path: { shape: text, as: "Path", keep: "zero" },
  rate: { shape: bytes, as: "Rate", keep: "zero" },
});

const blkio = struct({
  weight: integer,
  weight_device: listOf(
    struct({ path: { shape: text, as: "Path", keep: "zero" }, weight: { shape: integer, as: "Weight", keep: "zero" } }),
  ),
  device_read_bps: listOf(throttle),
  device_read_iops: listOf(throttle),
  device_write_bps: listOf(throttle),
  device_write_iops: listOf(throttle),
});

const deviceRequest = struct({
  capabilities: texts,
  driver: text,
  count: deviceCount,
  device_ids: texts,
  options: labels,
});

const dependency = struct({ condition: text, restart: flag, required: pointer(flag) });

const build = struct({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: variables,
  provenance: anyText,
  sbom: anyText,
  ssh: sshKeys,
  labels,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  no_cache_filter: texts,
  additional_contexts: labels,
  pull: flag,
  extra_hosts: hosts,
  isolation: text,
  network: text,
  target: text,
  secrets: listOf(fileReference),
  shm_size: bytes,
  tags: texts,
  ulimits: mapOf(ulimit),
  platforms: texts,
  privileged: flag,
});

const healthcheck = struct({
  test: healthTest,
  timeout: pointer(duration),
  interval: pointer(duration),
  retries: pointer(integer),
  start_period: pointer(duration),
  start_interval: pointer(duration),
  disable: flag,
});

const updateConfig = struct({
  parallelism: pointer(integer),
  delay: plainDuration,
  failure_action: text,
  monitor: plainDuration,
  max_failure_ratio: float,
  order: text,
});

const resource = struct({
  cpus: float,
  memory: bytes,
  pids: integer,
  devices: listOf(deviceRequest),
  generic_resources: listOf(
    struct({ discrete_resource_spec: struct({ kind: pointer(text), value: pointer(integer) }) }),
  ),
});

const deploy = struct({
  mode: text,
  replicas: pointer(integer),
  labels,
  update_config: updateConfig,
  rollback_config: updateConfig,
  resources: { shape: struct({ limits: resource, reservations: resource }), keep: "always" } satisfies Field,
  restart_policy: struct({
    condition: text,
    delay: pointer(duration),
    max_attempts: pointer(integer),
    window: pointer(duration),
  }),
  placement: {
    shape: struct({
      constraints: texts,
      preferences: listOf(struct({ spread: text })),
      max_replicas_per_node: integer,
    }),
    keep: "always",
  } satisfies Field,
  endpoint_mode: text,
});

const hook = struct({
  command: { shape: command, keep: "always" } satisfies Field,
  user: text,
  privileged: flag,
  working_dir: text,
  environment: variables,
});

const mount = struct({
  type: text,
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind: struct({
    selinux: text,
    propagation: text,
    create_host_path: { shape: optOut, keep: "zero" } satisfies Field,
    recursive: text,
  }),
  volume: struct({ labels, nocopy: flag, subpath: text }),
  tmpfs: struct({ size: bytes, mode: integer }),
  image: struct({ subpath: text }),
});

const port = struct({
  name: text,
  mode: text,
  host_ip: text,
  target: integer,
  published: text,
  protocol: text,
  app_protocol: text,
});

const attachment = struct({
  aliases: texts,
  driver_opts: labels,
  gw_priority: integer,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  priority: integer,
});

const develop = struct({
  watch: listOf(
    struct({
      path: pointer(text),
      action: pointer(text),
      target: text,
      exec: { shape: hook, keep: "always" } satisfies Field,
      include: texts,
      ignore: texts,
      initial_sync: flag,
    }),
  ),
});

/** What describes a container: of a service, a job or a `pre_start` hook. */
const container = {
  annotations: labels,
  blkio_config: blkio,
  cap_add: texts,
  cap_drop: texts,
  cgroup: text,
  cgroup_parent: text,
  command: pointer(command),
  configs: listOf(fileReference),
  cpu_count: integer,
  cpu_percent: float,
  cpu_period: integer,
  cpu_quota: integer,
  cpu_rt_period: integer,
  cpu_rt_runtime: integer,
  cpu_shares: integer,
  cpus: float,
  cpuset: text,
  credential_spec: struct({ config: text, file: text, registry: text }),
  device_cgroup_rules: texts,
  devices: listOf(struct({ source: text, target: text, permissions: text })),
  dns: texts,
  dns_opt: texts,
  dns_search: texts,
  domainname: text,
  entrypoint: pointer(command),
  env_file: listOf(struct({ path: text, required: { shape: optOut, keep: "zero" } satisfies Field, format: text })),
  environment: variables,
  extra_hosts: hosts,
  gpus: listOf(deviceRequest),
  group_add: texts,
  hostname: text,
  image: text,
  init: pointer(flag),
  ipc: text,
  isolation: text,
  label_file: texts,
  labels,
  logging: struct({ driver: text, options: labels }),
  mac_address: text,
  mem_limit: bytes,
  mem_reservation: bytes,
  mem_swappiness: bytes,
  memswap_limit: bytes,
  models: mapOf(struct({ endpoint_var: text, model_var: text })),
  network_mode: text,
  networks: mapOf(attachment),
  oom_kill_disable: flag,
  oom_score_adj: integer,
  pid: text,
  pids_limit: integer,
  platform: text,
  privileged: flag,
  pull_policy: text,
  pull_refresh_after: text,
  read_only: flag,
  runtime: text,
  secrets: listOf(fileReference),
  security_opt: texts,
  shm_size: bytes,
  stop_grace_period: pointer(duration),
  stop_signal: text,
  storage_opt: labels,
  sysctls: labels,
  tmpfs: texts,
  ulimits: mapOf(ulimit),
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes: listOf(mount),
  volumes_from: texts,
  working_dir: text,
};

export const containerKeys: readonly string[] = Object.keys(container);

/** What services and jobs have besides. */
const workload = {
  build,
  depends_on: mapOf(dependency),
  expose: texts,
  healthcheck,
  ports: listOf(port),
  stdin_open: flag,
  tty: flag,
};

const preStart = struct({ ...container, per_replica: flag });

export const serviceShape: Shape = struct({
  ...container,
  ...workload,
  attach: pointer(flag),
  container_name: text,
  deploy,
  develop,
  external_links: texts,
  links: texts,
  post_start: listOf(hook),
  pre_stop: listOf(hook),
  profiles: texts,
  provider: struct({ type: text, options: repeatedOptions }),
  restart: text,
  scale: pointer(integer),
  pre_start: listOf(preStart),
});

const job = struct({
  ...container,
  ...workload,
  profiles: texts,
  triggers: struct({
    manual: pointer(flag),
    schedule: listOf(struct({ cron: text, timezone: text, concurrency: text, missed_fires: text })),
  }),
});

const model = struct({ name: text, model: text, context_size: integer, runtime_flags: texts });

const network = struct({
  name: text,
  driver: text,
  driver_opts: labels,
  ipam: {
    shape: struct({
      driver: text,
      config: listOf(struct({ subnet: text, gateway: text, ip_range: text, aux_addresses: labels })),
      options: labels,
    }),
    keep: "always",
  } satisfies Field,
  external: flag,
  internal: flag,
  attachable: flag,
  labels,
  enable_ipv4: pointer(flag),
  enable_ipv6: pointer(flag),
});

const volume = struct({ name: text, driver: text, driver_opts: labels, external: flag, labels });

const fileObject = struct({
  name: text,
  file: text,
  environment: text,
  content: text,
  external: flag,
  labels,
  driver: text,
  driver_opts: labels,
  template_driver: text,
});

/** The whole model. */
export const projectShape: Shape = struct({
  name: text,
  services: mapOf(serviceShape),
  networks: mapOf(network),
  volumes: mapOf(volume),
  secrets: mapOf(fileObject),
  configs: mapOf(fileObject),
  jobs: mapOf(job),
  models: mapOf(model),
});
