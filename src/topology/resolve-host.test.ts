import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import { resolveHost } from "./resolve-host.ts";

const compose = `
name: shop
services:
  app:
    image: nginx:1
    networks: [front]
    extra_hosts: ["machine:host-gateway", "far:10.1.2.3", "near:127.0.0.1"]
    links: ["db:database"]
  db:
    image: postgres:17
    container_name: pg
    hostname: dbhost
    networks: { front: { aliases: [data], ipv4_address: 172.30.0.9 }, back: { aliases: [hidden] } }
  other: { image: "postgres:17", networks: [back] }
  side: { image: "nginx:1", network_mode: "service:db" }
  outside: { image: "nginx:1", network_mode: host }
  alone: { image: "nginx:1", network_mode: none }
  shared: { image: "nginx:1", networks: [ext] }
  guest: { image: "nginx:1", network_mode: "container:x" }
  sleeping: { image: "postgres:17", networks: [front], profiles: [later] }
networks: { front: {}, back: {}, ext: { external: true } }
`;
const { project } = topologyOf(compose);

describe("resolveHost", () => {
  it.each(["db", "DB", "db.", "pg", "dbhost", "data", "database", "db.shop_front", "172.30.0.9"])(
    "finds db as %s",
    (host) => {
      expect(resolveHost(project, "app", host)).toEqual({ kind: "service", service: "db" });
    },
  );

  it.each<[from: string, host: string, expected: object]>([
    ["app", "hidden", { kind: "no-shared-network", service: "db" }],
    ["app", "other", { kind: "no-shared-network", service: "other" }],
    ["app", "nobody", { kind: "unknown-name" }],
    ["app", "sleeping", { kind: "inactive", service: "sleeping" }],
    ["app", "localhost", { kind: "self", services: ["app"] }],
    ["app", "127.0.0.1", { kind: "self", services: ["app"] }],
    ["app", "::1", { kind: "self", services: ["app"] }],
    ["app", "near", { kind: "self", services: ["app"] }],
    ["app", "machine", { kind: "host" }],
    ["app", "host.docker.internal", { kind: "host" }],
    ["app", "app", { kind: "service", service: "app" }],
    ["side", "localhost", { kind: "self", services: ["db", "side"] }],
    ["side", "other", { kind: "service", service: "other" }],
    ["side", "database", { kind: "unknown-name" }],
    ["outside", "localhost", { kind: "host" }],
    ["alone", "db", { kind: "unknown-name" }],
  ])("from %s, %s", (from, host, expected) => {
    expect(resolveHost(project, from, host)).toEqual(expected);
  });

  it.each<[from: string, host: string, reason: string]>([
    ["app", "far", "10.1.2.3 is an address outside the project"],
    ["app", "db.example.com", "db.example.com is a domain name outside the project"],
    ["shared", "db", "db may be on the external network ext"],
    ["shared", "nobody", "nobody may be on the external network ext"],
    ["outside", "db", "db is looked up by the host (network_mode: host)"],
    ["guest", "db", "guest uses the network of a container outside"],
  ])("leaves open what only a machine can tell: from %s, %s", (from, host, reason) => {
    expect(resolveHost(project, from, host)).toEqual({ kind: "unknown", reason });
  });

  it("does not see a service that lives in another one's network under its own name", () => {
    expect(resolveHost(project, "app", "side")).toEqual({ kind: "no-shared-network", service: "side" });
  });
});
