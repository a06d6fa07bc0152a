import { describe, expect, it } from "vitest";
import { parseDockerFault } from "./parse-docker-fault.ts";

describe("parseDockerFault", () => {
  // As Docker 20.10 and 28.2 with Compose 2.20 and 5.6 wrote them.
  it.each([
    [
      "compose-missing",
      "",
      "unknown flag: --project-name\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information\n",
    ],
    ["compose-missing", "", "docker: unknown command: docker compose\n\nRun 'docker --help' for more information\n"],
    ["compose-missing", "", "docker: 'compose' is not a docker command.\nSee 'docker --help'\n"],
    [
      "forbidden",
      "unix:///var/run/docker.sock",
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /var/run/docker.sock: connect: permission denied\n',
    ],
    [
      "not-running",
      "unix:///nonexistent.sock",
      "failed to connect to the docker API at unix:///nonexistent.sock; check if the path is correct and if the daemon is running: dial unix /nonexistent.sock: connect: no such file or directory\n",
    ],
    [
      "not-running",
      "tcp://127.0.0.1:1",
      "Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?\n",
    ],
    [
      "not-running",
      "tcp: lookup nosuchhost.invalid on 10.0.0.1:53: no such host",
      'error during connect: Get "http://nosuchhost.invalid:2375/v1.50/containers/json": dial tcp: lookup nosuchhost.invalid on 10.0.0.1:53: no such host\n',
    ],
    [
      "context-missing",
      "missing",
      'Failed to initialize: unable to resolve docker endpoint: context "missing": context not found: open /root/.docker/contexts/meta/ffa6/meta.json: no such file or directory\n',
    ],
    ["context-missing", "missing", 'unable to resolve docker endpoint: context "missing" does not exist\n'],
    [
      "registry-unreachable",
      "registry-1.docker.io",
      ' Image nosuch/image:1 Pulling \n Image nosuch/image:1 Error Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host\nError response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host\n',
    ],
    [
      "image-not-found",
      "localhost:5001/own/postgres:17",
      " Image localhost:5001/own/postgres:17 Pulling \n Image localhost:5001/own/postgres:17 Error manifest for localhost:5001/own/postgres:17 not found: manifest unknown: manifest unknown\nError response from daemon: manifest for localhost:5001/own/postgres:17 not found: manifest unknown: manifest unknown\n",
    ],
    [
      "port-taken",
      "55999",
      " Container a-one-1 Starting \nError response from daemon: driver failed programming external connectivity on endpoint a-one-1 (81895c47): Error starting userland proxy: listen tcp4 127.0.0.1:55999: bind: address already in use\n",
    ],
    [
      "port-taken",
      "55999",
      "Error response from daemon: driver failed programming external connectivity on endpoint b-one-1 (4e13ccd0): Bind for 127.0.0.1:55999 failed: port is already allocated\n",
    ],
    [
      "name-taken",
      "same",
      ' service:one:1 Error response from daemon: Conflict. The container name "/same" is already in use by container "9807be94". You have to remove (or rename) that container to be able to reuse that name. \n',
    ],
    [
      "engine-too-old",
      "1.41",
      "Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41\n",
    ],
    [
      "engine-too-old-for-file",
      "28",
      " Container a-db-1 Creating \n service:db:1 volume with type=image require Docker Engine v28 or later \nvolume with type=image require Docker Engine v28 or later\n",
    ],
    [
      "build-failed",
      "/bin/sh -c false",
      " Image b-one Building \nThe command '/bin/sh -c false' returned a non-zero code: 1\n",
    ],
  ])("%s %s", (kind, subject, stderr) => {
    expect(parseDockerFault(stderr)).toMatchObject({ kind, subject });
  });

  // As their sources write them: what cannot be had from an engine without a registry.
  it.each([
    [
      "image-not-found",
      "nosuch/image",
      "Error response from daemon: pull access denied for nosuch/image, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    [
      "image-not-found",
      "postgres:99",
      "Error response from daemon: manifest for postgres:99 not found: manifest unknown: manifest unknown",
    ],
    [
      "image-not-found",
      "docker.io/library/postgres:99",
      'Error response from daemon: failed to resolve reference "docker.io/library/postgres:99": docker.io/library/postgres:99: not found',
    ],
    // Compose 2.24 to 2.29 with an engine before 25.
    [
      "engine-too-old-for-file",
      "25",
      "can't set healthcheck.start_interval as feature require Docker Engine v25 or later",
    ],
    ["registry-refused", "", "Error response from daemon: toomanyrequests: You have reached your pull rate limit."],
    [
      "platform-missing",
      "linux/arm64/v8",
      "Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries",
    ],
    ["disk-full", "", "failed to register layer: write /usr/lib/libx.so: no space left on device"],
    [
      "client-too-old",
      "1.24",
      "Error response from daemon: client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version",
    ],
  ])("%s %s", (kind, subject, stderr) => {
    expect(parseDockerFault(stderr)).toMatchObject({ kind, subject });
  });

  it("keeps the words of what it does not know, without Compose's steps and Docker's lead", () => {
    const stderr =
      " Network a_default Creating \nError response from daemon: could not find an available, non-overlapping IPv4 address pool\n Container a Stopped \n";
    expect(parseDockerFault(stderr)).toEqual({
      kind: "other",
      subject: "",
      line: "could not find an available, non-overlapping IPv4 address pool",
    });
  });
});
