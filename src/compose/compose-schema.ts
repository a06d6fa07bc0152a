import type { Schema } from "./validate-tree.ts";

/**
 * The Compose specification's JSON Schema, descriptions left out.
 * Source: compose-go v2.16.1 schema/compose-spec.json (Apache-2.0), the schema of Docker Compose v5.6.0.
 */
export const composeSchema: Schema = {
  type: "object",
  properties: {
    version: {
      type: "string",
    },
    name: {
      type: "string",
    },
    include: {
      type: "array",
      items: {
        $ref: "#/$defs/include",
      },
    },
    services: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/service",
        },
      },
      additionalProperties: false,
    },
    models: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/model",
        },
      },
      additionalProperties: false,
    },
    networks: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/network",
        },
      },
      additionalProperties: false,
    },
    volumes: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/volume",
        },
      },
      additionalProperties: false,
    },
    secrets: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/secret",
        },
      },
      additionalProperties: false,
    },
    configs: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/config",
        },
      },
      additionalProperties: false,
    },
    jobs: {
      type: "object",
      patternProperties: {
        "^[a-zA-Z0-9._-]+$": {
          $ref: "#/$defs/job",
        },
      },
      additionalProperties: false,
    },
  },
  patternProperties: {
    "^x-": {},
  },
  additionalProperties: false,
  $defs: {
    container_spec: {
      type: "object",
      properties: {
        annotations: {
          $ref: "#/$defs/list_or_dict",
        },
        blkio_config: {
          type: "object",
          properties: {
            device_read_bps: {
              type: "array",
              items: {
                $ref: "#/$defs/blkio_limit",
              },
            },
            device_read_iops: {
              type: "array",
              items: {
                $ref: "#/$defs/blkio_limit",
              },
            },
            device_write_bps: {
              type: "array",
              items: {
                $ref: "#/$defs/blkio_limit",
              },
            },
            device_write_iops: {
              type: "array",
              items: {
                $ref: "#/$defs/blkio_limit",
              },
            },
            weight: {
              type: ["integer", "string"],
            },
            weight_device: {
              type: "array",
              items: {
                $ref: "#/$defs/blkio_weight",
              },
            },
          },
          additionalProperties: false,
        },
        cap_add: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        cap_drop: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        cgroup: {
          type: "string",
          enum: ["host", "private"],
        },
        cgroup_parent: {
          type: "string",
        },
        command: {
          $ref: "#/$defs/command",
        },
        configs: {
          $ref: "#/$defs/service_config_or_secret",
        },
        cpu_count: {
          oneOf: [
            {
              type: "string",
            },
            {
              type: "integer",
              minimum: 0,
            },
          ],
        },
        cpu_percent: {
          oneOf: [
            {
              type: "string",
            },
            {
              type: "integer",
              minimum: 0,
              maximum: 100,
            },
          ],
        },
        cpu_shares: {
          type: ["number", "string"],
        },
        cpu_quota: {
          type: ["number", "string"],
        },
        cpu_period: {
          type: ["number", "string"],
        },
        cpu_rt_period: {
          type: ["number", "string"],
        },
        cpu_rt_runtime: {
          type: ["number", "string"],
        },
        cpus: {
          type: ["number", "string"],
        },
        cpuset: {
          type: "string",
        },
        credential_spec: {
          type: "object",
          properties: {
            config: {
              type: "string",
            },
            file: {
              type: "string",
            },
            registry: {
              type: "string",
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        device_cgroup_rules: {
          $ref: "#/$defs/list_of_strings",
        },
        devices: {
          type: "array",
          items: {
            oneOf: [
              {
                type: "string",
              },
              {
                type: "object",
                required: ["source"],
                properties: {
                  source: {
                    type: "string",
                  },
                  target: {
                    type: "string",
                  },
                  permissions: {
                    type: "string",
                  },
                },
                additionalProperties: false,
                patternProperties: {
                  "^x-": {},
                },
              },
            ],
          },
        },
        dns: {
          $ref: "#/$defs/string_or_list",
        },
        dns_opt: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        dns_search: {
          $ref: "#/$defs/string_or_list",
        },
        domainname: {
          type: "string",
        },
        entrypoint: {
          $ref: "#/$defs/command",
        },
        env_file: {
          $ref: "#/$defs/env_file",
        },
        label_file: {
          $ref: "#/$defs/label_file",
        },
        environment: {
          $ref: "#/$defs/list_or_dict",
        },
        extra_hosts: {
          $ref: "#/$defs/extra_hosts",
        },
        gpus: {
          $ref: "#/$defs/gpus",
        },
        group_add: {
          type: "array",
          items: {
            type: ["string", "number"],
          },
          uniqueItems: true,
        },
        hostname: {
          type: "string",
        },
        image: {
          type: "string",
        },
        init: {
          type: ["boolean", "string"],
        },
        ipc: {
          type: "string",
        },
        isolation: {
          type: "string",
        },
        labels: {
          $ref: "#/$defs/list_or_dict",
        },
        logging: {
          type: "object",
          properties: {
            driver: {
              type: "string",
            },
            options: {
              type: "object",
              patternProperties: {
                "^.+$": {
                  type: ["string", "number", "null"],
                },
              },
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        mac_address: {
          type: "string",
        },
        mem_limit: {
          type: ["number", "string"],
        },
        mem_reservation: {
          type: ["string", "integer"],
        },
        mem_swappiness: {
          type: ["integer", "string"],
        },
        memswap_limit: {
          type: ["number", "string"],
        },
        network_mode: {
          type: "string",
        },
        models: {
          oneOf: [
            {
              $ref: "#/$defs/list_of_strings",
            },
            {
              type: "object",
              patternProperties: {
                "^[a-zA-Z0-9._-]+$": {
                  oneOf: [
                    {
                      type: "object",
                      properties: {
                        endpoint_var: {
                          type: "string",
                        },
                        model_var: {
                          type: "string",
                        },
                      },
                      additionalProperties: false,
                      patternProperties: {
                        "^x-": {},
                      },
                    },
                    {
                      type: "null",
                    },
                  ],
                },
              },
            },
          ],
        },
        networks: {
          oneOf: [
            {
              $ref: "#/$defs/list_of_strings",
            },
            {
              type: "object",
              patternProperties: {
                "^[a-zA-Z0-9._-]+$": {
                  oneOf: [
                    {
                      type: "object",
                      properties: {
                        aliases: {
                          $ref: "#/$defs/list_of_strings",
                        },
                        interface_name: {
                          type: "string",
                        },
                        ipv4_address: {
                          type: "string",
                        },
                        ipv6_address: {
                          type: "string",
                        },
                        link_local_ips: {
                          $ref: "#/$defs/list_of_strings",
                        },
                        mac_address: {
                          type: "string",
                        },
                        driver_opts: {
                          type: "object",
                          patternProperties: {
                            "^.+$": {
                              type: ["string", "number"],
                            },
                          },
                        },
                        priority: {
                          type: "number",
                        },
                        gw_priority: {
                          type: "number",
                        },
                      },
                      additionalProperties: false,
                      patternProperties: {
                        "^x-": {},
                      },
                    },
                    {
                      type: "null",
                    },
                  ],
                },
              },
              additionalProperties: false,
            },
          ],
        },
        oom_kill_disable: {
          type: ["boolean", "string"],
        },
        oom_score_adj: {
          oneOf: [
            {
              type: "string",
            },
            {
              type: "integer",
              minimum: -1000,
              maximum: 1000,
            },
          ],
        },
        pid: {
          type: ["string", "null"],
        },
        pids_limit: {
          type: ["number", "string"],
        },
        platform: {
          type: "string",
        },
        privileged: {
          type: ["boolean", "string"],
        },
        pull_policy: {
          type: "string",
          pattern: "^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$",
        },
        pull_refresh_after: {
          type: "string",
        },
        read_only: {
          type: ["boolean", "string"],
        },
        runtime: {
          type: "string",
        },
        security_opt: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        shm_size: {
          type: ["number", "string"],
        },
        secrets: {
          $ref: "#/$defs/service_config_or_secret",
        },
        sysctls: {
          $ref: "#/$defs/list_or_dict",
        },
        stop_grace_period: {
          type: "string",
        },
        stop_signal: {
          type: "string",
        },
        storage_opt: {
          type: "object",
        },
        tmpfs: {
          $ref: "#/$defs/string_or_list",
        },
        ulimits: {
          $ref: "#/$defs/ulimits",
        },
        use_api_socket: {
          type: "boolean",
        },
        user: {
          type: "string",
        },
        uts: {
          type: "string",
        },
        userns_mode: {
          type: "string",
        },
        volumes: {
          type: "array",
          items: {
            oneOf: [
              {
                type: "string",
              },
              {
                type: "object",
                required: ["type"],
                properties: {
                  type: {
                    type: "string",
                    enum: ["bind", "volume", "tmpfs", "cluster", "npipe", "image"],
                  },
                  source: {
                    type: "string",
                  },
                  target: {
                    type: "string",
                  },
                  read_only: {
                    type: ["boolean", "string"],
                  },
                  consistency: {
                    type: "string",
                  },
                  bind: {
                    type: "object",
                    properties: {
                      propagation: {
                        type: "string",
                      },
                      create_host_path: {
                        type: ["boolean", "string"],
                      },
                      recursive: {
                        type: "string",
                        enum: ["enabled", "disabled", "writable", "readonly"],
                      },
                      selinux: {
                        type: "string",
                        enum: ["z", "Z"],
                      },
                    },
                    additionalProperties: false,
                    patternProperties: {
                      "^x-": {},
                    },
                  },
                  volume: {
                    type: "object",
                    properties: {
                      labels: {
                        $ref: "#/$defs/list_or_dict",
                      },
                      nocopy: {
                        type: ["boolean", "string"],
                      },
                      subpath: {
                        type: "string",
                      },
                    },
                    additionalProperties: false,
                    patternProperties: {
                      "^x-": {},
                    },
                  },
                  tmpfs: {
                    type: "object",
                    properties: {
                      size: {
                        oneOf: [
                          {
                            type: "integer",
                            minimum: 0,
                          },
                          {
                            type: "string",
                          },
                        ],
                      },
                      mode: {
                        type: ["number", "string"],
                      },
                    },
                    additionalProperties: false,
                    patternProperties: {
                      "^x-": {},
                    },
                  },
                  image: {
                    type: "object",
                    properties: {
                      subpath: {
                        type: "string",
                      },
                    },
                    additionalProperties: false,
                    patternProperties: {
                      "^x-": {},
                    },
                  },
                },
                additionalProperties: false,
                patternProperties: {
                  "^x-": {},
                },
              },
            ],
          },
          uniqueItems: true,
        },
        volumes_from: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        working_dir: {
          type: "string",
        },
      },
      patternProperties: {
        "^x-": {},
      },
    },
    service: {
      allOf: [
        {
          $ref: "#/$defs/container_spec",
        },
        {
          $ref: "#/$defs/workload_spec",
        },
      ],
      properties: {
        deploy: {
          $ref: "#/$defs/deployment",
        },
        develop: {
          $ref: "#/$defs/development",
        },
        profiles: {
          $ref: "#/$defs/list_of_strings",
        },
        restart: {
          type: "string",
        },
        scale: {
          type: ["integer", "string"],
        },
        attach: {
          type: ["boolean", "string"],
        },
        container_name: {
          type: "string",
          pattern: "[a-zA-Z0-9][a-zA-Z0-9_.-]+",
        },
        provider: {
          type: "object",
          required: ["type"],
          properties: {
            type: {
              type: "string",
            },
            options: {
              type: "object",
              patternProperties: {
                "^.+$": {
                  oneOf: [
                    {
                      type: ["string", "number", "boolean"],
                    },
                    {
                      type: "array",
                      items: {
                        type: ["string", "number", "boolean"],
                      },
                    },
                  ],
                },
              },
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        extends: {
          oneOf: [
            {
              type: "string",
            },
            {
              type: "object",
              properties: {
                service: {
                  type: "string",
                },
                file: {
                  type: "string",
                },
              },
              required: ["service"],
              additionalProperties: false,
            },
          ],
        },
        links: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        external_links: {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
        pre_start: {
          type: "array",
          items: {
            $ref: "#/$defs/pre_start_hook",
          },
        },
        post_start: {
          type: "array",
          items: {
            $ref: "#/$defs/service_hook",
          },
        },
        pre_stop: {
          type: "array",
          items: {
            $ref: "#/$defs/service_hook",
          },
        },
      },
      unevaluatedProperties: false,
    },
    job: {
      allOf: [
        {
          $ref: "#/$defs/container_spec",
        },
        {
          $ref: "#/$defs/workload_spec",
        },
      ],
      required: ["triggers"],
      properties: {
        profiles: {
          $ref: "#/$defs/list_of_strings",
        },
        triggers: {
          type: "object",
          properties: {
            manual: {
              type: ["boolean", "string"],
            },
            schedule: {
              type: "array",
              items: {
                oneOf: [
                  {
                    type: "string",
                  },
                  {
                    $ref: "#/$defs/schedule",
                  },
                ],
              },
            },
          },
          anyOf: [
            {
              required: ["manual"],
            },
            {
              required: ["schedule"],
            },
          ],
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
      },
      unevaluatedProperties: false,
    },
    schedule: {
      type: "object",
      required: ["cron"],
      properties: {
        cron: {
          type: "string",
        },
        timezone: {
          type: "string",
        },
        concurrency: {
          type: "string",
          enum: ["forbid", "queue"],
        },
        missed_fires: {
          type: "string",
          enum: ["one", "skip"],
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    healthcheck: {
      type: "object",
      properties: {
        disable: {
          type: ["boolean", "string"],
        },
        interval: {
          type: "string",
        },
        retries: {
          type: ["number", "string"],
        },
        test: {
          oneOf: [
            {
              type: "string",
            },
            {
              type: "array",
              items: {
                type: "string",
              },
            },
          ],
        },
        timeout: {
          type: "string",
        },
        start_period: {
          type: "string",
        },
        start_interval: {
          type: "string",
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    development: {
      type: ["object", "null"],
      properties: {
        watch: {
          type: "array",
          items: {
            type: "object",
            required: ["path", "action"],
            properties: {
              ignore: {
                $ref: "#/$defs/string_or_list",
              },
              include: {
                $ref: "#/$defs/string_or_list",
              },
              path: {
                type: "string",
              },
              action: {
                type: "string",
                enum: ["rebuild", "sync", "restart", "sync+restart", "sync+exec"],
              },
              target: {
                type: "string",
              },
              exec: {
                $ref: "#/$defs/service_hook",
              },
              initial_sync: {
                type: "boolean",
              },
            },
            additionalProperties: false,
            patternProperties: {
              "^x-": {},
            },
          },
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    deployment: {
      type: ["object", "null"],
      properties: {
        mode: {
          type: "string",
        },
        endpoint_mode: {
          type: "string",
        },
        replicas: {
          type: ["integer", "string"],
        },
        labels: {
          $ref: "#/$defs/list_or_dict",
        },
        rollback_config: {
          type: "object",
          properties: {
            parallelism: {
              type: ["integer", "string"],
            },
            delay: {
              type: "string",
            },
            failure_action: {
              type: "string",
            },
            monitor: {
              type: "string",
            },
            max_failure_ratio: {
              type: ["number", "string"],
            },
            order: {
              type: "string",
              enum: ["start-first", "stop-first"],
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        update_config: {
          type: "object",
          properties: {
            parallelism: {
              type: ["integer", "string"],
            },
            delay: {
              type: "string",
            },
            failure_action: {
              type: "string",
            },
            monitor: {
              type: "string",
            },
            max_failure_ratio: {
              type: ["number", "string"],
            },
            order: {
              type: "string",
              enum: ["start-first", "stop-first"],
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        resources: {
          type: "object",
          properties: {
            limits: {
              type: "object",
              properties: {
                cpus: {
                  type: ["number", "string"],
                },
                memory: {
                  type: "string",
                },
                pids: {
                  type: ["integer", "string"],
                },
              },
              additionalProperties: false,
              patternProperties: {
                "^x-": {},
              },
            },
            reservations: {
              type: "object",
              properties: {
                cpus: {
                  type: ["number", "string"],
                },
                memory: {
                  type: "string",
                },
                generic_resources: {
                  $ref: "#/$defs/generic_resources",
                },
                devices: {
                  $ref: "#/$defs/devices",
                },
              },
              additionalProperties: false,
              patternProperties: {
                "^x-": {},
              },
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        restart_policy: {
          type: "object",
          properties: {
            condition: {
              type: "string",
            },
            delay: {
              type: "string",
            },
            max_attempts: {
              type: ["integer", "string"],
            },
            window: {
              type: "string",
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        placement: {
          type: "object",
          properties: {
            constraints: {
              type: "array",
              items: {
                type: "string",
              },
            },
            preferences: {
              type: "array",
              items: {
                type: "object",
                properties: {
                  spread: {
                    type: "string",
                  },
                },
                additionalProperties: false,
                patternProperties: {
                  "^x-": {},
                },
              },
            },
            max_replicas_per_node: {
              type: ["integer", "string"],
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    generic_resources: {
      type: "array",
      items: {
        type: "object",
        properties: {
          discrete_resource_spec: {
            type: "object",
            properties: {
              kind: {
                type: "string",
              },
              value: {
                type: ["number", "string"],
              },
            },
            additionalProperties: false,
            patternProperties: {
              "^x-": {},
            },
          },
        },
        additionalProperties: false,
        patternProperties: {
          "^x-": {},
        },
      },
    },
    devices: {
      type: "array",
      items: {
        type: "object",
        properties: {
          capabilities: {
            $ref: "#/$defs/list_of_strings",
          },
          count: {
            type: ["string", "integer"],
          },
          device_ids: {
            $ref: "#/$defs/list_of_strings",
          },
          driver: {
            type: "string",
          },
          options: {
            $ref: "#/$defs/list_or_dict",
          },
        },
        additionalProperties: false,
        patternProperties: {
          "^x-": {},
        },
        required: ["capabilities"],
      },
    },
    gpus: {
      oneOf: [
        {
          type: "string",
          enum: ["all"],
        },
        {
          type: "array",
          items: {
            type: "object",
            properties: {
              capabilities: {
                $ref: "#/$defs/list_of_strings",
              },
              count: {
                type: ["string", "integer"],
              },
              device_ids: {
                $ref: "#/$defs/list_of_strings",
              },
              driver: {
                type: "string",
              },
              options: {
                $ref: "#/$defs/list_or_dict",
              },
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
      ],
    },
    include: {
      oneOf: [
        {
          type: "string",
        },
        {
          type: "object",
          properties: {
            path: {
              $ref: "#/$defs/string_or_list",
            },
            env_file: {
              $ref: "#/$defs/string_or_list",
            },
            project_directory: {
              type: "string",
            },
          },
          additionalProperties: false,
        },
      ],
    },
    network: {
      type: ["object", "null"],
      properties: {
        name: {
          type: "string",
        },
        driver: {
          type: "string",
        },
        driver_opts: {
          type: "object",
          patternProperties: {
            "^.+$": {
              type: ["string", "number"],
            },
          },
        },
        ipam: {
          type: "object",
          properties: {
            driver: {
              type: "string",
            },
            config: {
              type: "array",
              items: {
                type: "object",
                properties: {
                  subnet: {
                    type: "string",
                  },
                  ip_range: {
                    type: "string",
                  },
                  gateway: {
                    type: "string",
                  },
                  aux_addresses: {
                    type: "object",
                    additionalProperties: false,
                    patternProperties: {
                      "^.+$": {
                        type: "string",
                      },
                    },
                  },
                },
                additionalProperties: false,
                patternProperties: {
                  "^x-": {},
                },
              },
            },
            options: {
              type: "object",
              additionalProperties: false,
              patternProperties: {
                "^.+$": {
                  type: "string",
                },
              },
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        external: {
          type: ["boolean", "string", "object"],
          properties: {
            name: {
              type: "string",
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        internal: {
          type: ["boolean", "string"],
        },
        enable_ipv4: {
          type: ["boolean", "string"],
        },
        enable_ipv6: {
          type: ["boolean", "string"],
        },
        attachable: {
          type: ["boolean", "string"],
        },
        labels: {
          $ref: "#/$defs/list_or_dict",
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    volume: {
      type: ["object", "null"],
      properties: {
        name: {
          type: "string",
        },
        driver: {
          type: "string",
        },
        driver_opts: {
          type: "object",
          patternProperties: {
            "^.+$": {
              type: ["string", "number"],
            },
          },
        },
        external: {
          type: ["boolean", "string", "object"],
          properties: {
            name: {
              type: "string",
            },
          },
          additionalProperties: false,
          patternProperties: {
            "^x-": {},
          },
        },
        labels: {
          $ref: "#/$defs/list_or_dict",
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    secret: {
      type: "object",
      properties: {
        name: {
          type: "string",
        },
        environment: {
          type: "string",
        },
        file: {
          type: "string",
        },
        external: {
          type: ["boolean", "string", "object"],
          properties: {
            name: {
              type: "string",
            },
          },
        },
        labels: {
          $ref: "#/$defs/list_or_dict",
        },
        driver: {
          type: "string",
        },
        driver_opts: {
          type: "object",
          patternProperties: {
            "^.+$": {
              type: ["string", "number"],
            },
          },
        },
        template_driver: {
          type: "string",
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    config: {
      type: "object",
      properties: {
        name: {
          type: "string",
        },
        content: {
          type: "string",
        },
        environment: {
          type: "string",
        },
        file: {
          type: "string",
        },
        external: {
          type: ["boolean", "string", "object"],
          properties: {
            name: {
              type: "string",
            },
          },
        },
        labels: {
          $ref: "#/$defs/list_or_dict",
        },
        template_driver: {
          type: "string",
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    model: {
      type: "object",
      properties: {
        name: {
          type: "string",
        },
        model: {
          type: "string",
        },
        context_size: {
          type: "integer",
        },
        runtime_flags: {
          type: "array",
          items: {
            type: "string",
          },
        },
      },
      required: ["model"],
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
    },
    command: {
      oneOf: [
        {
          type: "null",
        },
        {
          type: "string",
        },
        {
          type: "array",
          items: {
            type: "string",
          },
        },
      ],
    },
    service_hook: {
      type: "object",
      properties: {
        command: {
          $ref: "#/$defs/command",
        },
        user: {
          type: "string",
        },
        privileged: {
          type: ["boolean", "string"],
        },
        working_dir: {
          type: "string",
        },
        environment: {
          $ref: "#/$defs/list_or_dict",
        },
      },
      additionalProperties: false,
      patternProperties: {
        "^x-": {},
      },
      required: ["command"],
    },
    pre_start_hook: {
      type: "object",
      allOf: [
        {
          $ref: "#/$defs/container_spec",
        },
      ],
      unevaluatedProperties: false,
      properties: {
        per_replica: {
          type: ["boolean", "string"],
        },
      },
    },
    env_file: {
      oneOf: [
        {
          type: "string",
        },
        {
          type: "array",
          items: {
            oneOf: [
              {
                type: "string",
              },
              {
                type: "object",
                additionalProperties: false,
                properties: {
                  path: {
                    type: "string",
                  },
                  format: {
                    type: "string",
                  },
                  required: {
                    type: ["boolean", "string"],
                  },
                },
                required: ["path"],
              },
            ],
          },
        },
      ],
    },
    label_file: {
      oneOf: [
        {
          type: "string",
        },
        {
          type: "array",
          items: {
            type: "string",
          },
        },
      ],
    },
    string_or_list: {
      oneOf: [
        {
          type: "string",
        },
        {
          $ref: "#/$defs/list_of_strings",
        },
      ],
    },
    list_of_strings: {
      type: "array",
      items: {
        type: "string",
      },
      uniqueItems: true,
    },
    list_or_dict: {
      oneOf: [
        {
          type: "object",
          patternProperties: {
            ".+": {
              type: ["string", "number", "boolean", "null"],
            },
          },
          additionalProperties: false,
        },
        {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
      ],
    },
    extra_hosts: {
      oneOf: [
        {
          type: "object",
          patternProperties: {
            ".+": {
              oneOf: [
                {
                  type: "string",
                },
                {
                  type: "array",
                  items: {
                    type: "string",
                  },
                  uniqueItems: false,
                },
              ],
            },
          },
          additionalProperties: false,
        },
        {
          type: "array",
          items: {
            type: "string",
          },
          uniqueItems: true,
        },
      ],
    },
    blkio_limit: {
      type: "object",
      properties: {
        path: {
          type: "string",
        },
        rate: {
          type: ["integer", "string"],
        },
      },
      additionalProperties: false,
    },
    blkio_weight: {
      type: "object",
      properties: {
        path: {
          type: "string",
        },
        weight: {
          type: ["integer", "string"],
        },
      },
      additionalProperties: false,
    },
    service_config_or_secret: {
      type: "array",
      items: {
        oneOf: [
          {
            type: "string",
          },
          {
            type: "object",
            properties: {
              source: {
                type: "string",
              },
              target: {
                type: "string",
              },
              uid: {
                type: "string",
              },
              gid: {
                type: "string",
              },
              mode: {
                type: ["number", "string"],
              },
            },
            additionalProperties: false,
            patternProperties: {
              "^x-": {},
            },
          },
        ],
      },
    },
    ulimits: {
      type: "object",
      patternProperties: {
        "^[a-z]+$": {
          oneOf: [
            {
              type: ["integer", "string"],
            },
            {
              type: "object",
              properties: {
                hard: {
                  type: ["integer", "string"],
                },
                soft: {
                  type: ["integer", "string"],
                },
              },
              required: ["soft", "hard"],
              additionalProperties: false,
              patternProperties: {
                "^x-": {},
              },
            },
          ],
        },
      },
    },
    workload_spec: {
      type: "object",
      properties: {
        build: {
          oneOf: [
            {
              type: "string",
            },
            {
              type: "object",
              properties: {
                context: {
                  type: "string",
                },
                dockerfile: {
                  type: "string",
                },
                dockerfile_inline: {
                  type: "string",
                },
                entitlements: {
                  type: "array",
                  items: {
                    type: "string",
                  },
                },
                args: {
                  $ref: "#/$defs/list_or_dict",
                },
                ssh: {
                  $ref: "#/$defs/list_or_dict",
                },
                labels: {
                  $ref: "#/$defs/list_or_dict",
                },
                cache_from: {
                  type: "array",
                  items: {
                    type: "string",
                  },
                },
                cache_to: {
                  type: "array",
                  items: {
                    type: "string",
                  },
                },
                no_cache: {
                  type: ["boolean", "string"],
                },
                no_cache_filter: {
                  $ref: "#/$defs/string_or_list",
                },
                additional_contexts: {
                  $ref: "#/$defs/list_or_dict",
                },
                network: {
                  type: "string",
                },
                provenance: {
                  type: ["string", "boolean"],
                },
                sbom: {
                  type: ["string", "boolean"],
                },
                pull: {
                  type: ["boolean", "string"],
                },
                target: {
                  type: "string",
                },
                shm_size: {
                  type: ["integer", "string"],
                },
                extra_hosts: {
                  $ref: "#/$defs/extra_hosts",
                },
                isolation: {
                  type: "string",
                },
                privileged: {
                  type: ["boolean", "string"],
                },
                secrets: {
                  $ref: "#/$defs/service_config_or_secret",
                },
                tags: {
                  type: "array",
                  items: {
                    type: "string",
                  },
                },
                ulimits: {
                  $ref: "#/$defs/ulimits",
                },
                platforms: {
                  type: "array",
                  items: {
                    type: "string",
                  },
                },
              },
              additionalProperties: false,
              patternProperties: {
                "^x-": {},
              },
            },
          ],
        },
        depends_on: {
          oneOf: [
            {
              $ref: "#/$defs/list_of_strings",
            },
            {
              type: "object",
              additionalProperties: false,
              patternProperties: {
                "^[a-zA-Z0-9._-]+$": {
                  type: "object",
                  additionalProperties: false,
                  patternProperties: {
                    "^x-": {},
                  },
                  properties: {
                    restart: {
                      type: ["boolean", "string"],
                    },
                    required: {
                      type: "boolean",
                    },
                    condition: {
                      type: "string",
                      enum: ["service_started", "service_healthy", "service_completed_successfully"],
                    },
                  },
                  required: ["condition"],
                },
              },
            },
          ],
        },
        healthcheck: {
          $ref: "#/$defs/healthcheck",
        },
        ports: {
          type: "array",
          items: {
            oneOf: [
              {
                type: "number",
              },
              {
                type: "string",
              },
              {
                type: "object",
                properties: {
                  name: {
                    type: "string",
                  },
                  mode: {
                    type: "string",
                  },
                  host_ip: {
                    type: "string",
                  },
                  target: {
                    type: ["integer", "string"],
                  },
                  published: {
                    type: ["string", "integer"],
                  },
                  protocol: {
                    type: "string",
                  },
                  app_protocol: {
                    type: "string",
                  },
                },
                additionalProperties: false,
                patternProperties: {
                  "^x-": {},
                },
              },
            ],
          },
          uniqueItems: true,
        },
        expose: {
          type: "array",
          items: {
            type: ["string", "number"],
          },
          uniqueItems: true,
        },
        stdin_open: {
          type: ["boolean", "string"],
        },
        tty: {
          type: ["boolean", "string"],
        },
      },
      patternProperties: {
        "^x-": {},
      },
    },
  },
};
