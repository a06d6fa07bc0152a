import { expect, it } from "vitest";
import { topologyOf } from "../../../test/helpers/topology-of.ts";
import { containerAddresses } from "./container-addresses.ts";

const compose = `services:
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: x }
  app:
    image: ghcr.io/mlflow/mlflow:v3.4.0
    command: mlflow server --backend-store-uri postgresql://a:b@db:5432/a
  lost:
    image: ghcr.io/mlflow/mlflow:v3.4.0
    command: mlflow server --backend-store-uri postgresql://a:b@app:5432/a
`;
const ports = {
  db: { 5432: { host: "127.0.0.1", port: 41001, published: false } },
  app: { 5000: { host: "127.0.0.1", port: 41002, published: false } },
};
const line = (address: string) => `connection to server at ${address} failed: Connection refused`;

it("gives a line of a unit the names and ports of the Compose file", () => {
  const topology = topologyOf(compose);
  const of = (service: string) => containerAddresses({ project: topology.project, topology }, ports, service);
  expect(of("app")(line('"127.0.0.1", port 41001'))).toBe(line('"db", port 5432'));
  // A service has the name and no such port: natively that is port 1, where nothing listens.
  expect(of("lost")(line('"127.0.0.1", port 1'))).toBe(line('"app", port 5432'));
  expect(of("app")(line('"localhost" (127.0.0.1), port 41001'))).toBe(line('"localhost" (127.0.0.1), port 41001'));
  expect(of("app")(line('"127.0.0.1", port 9'))).toBe(line('"127.0.0.1", port 9'));
});
