import type { Component, ConnectionPlace, ImageBehaviour, ProductId } from "../catalog/product.ts";
import type { Dockerfile } from "./parse-dockerfile.ts";

/** What runs in this project: services with their products, apps, database servers and the connections between. */
export interface Topology {
  readonly services: Readonly<Record<string, ServiceRole>>;
  readonly apps: readonly App[];
  readonly servers: readonly DatabaseServer[];
  readonly connections: readonly Connection[];
}

/** What one service is. */
export interface ServiceRole {
  readonly service: string;
  /** Undefined: the catalog does not know the image. `reason` says why. */
  readonly product: ProductId | undefined;
  /** The product version its image or Dockerfile names, e.g. `3.3.2`. */
  readonly version: string | undefined;
  /** Python series the image tag names. */
  readonly python: string | undefined;
  readonly component: Component | undefined;
  /** What the image itself holds; differs from `product` when an MLflow server runs in an Airflow image. */
  readonly base: { readonly product: ProductId; readonly version: string } | undefined;
  /** The image a `FROM` or `image:` names. */
  readonly baseImage: string | undefined;
  readonly dockerfile: (Dockerfile & { readonly path: string }) | undefined;
  readonly behaviour: ImageBehaviour | undefined;
  /** Argv as the container would run it, entrypoint applied, before names and paths are mapped. */
  readonly argv: readonly string[];
  /** Environment of image, Dockerfile and file; nulls (named but unset) left out. */
  readonly environment: Readonly<Record<string, string>>;
  /** pip requirements the project adds: Dockerfile, `_PIP_ADDITIONAL_REQUIREMENTS`, `pip install` in the command. */
  readonly pip: readonly string[];
  readonly oneShot: boolean;
  /** Why `product` is undefined. */
  readonly reason: string | undefined;
}

/** A product running in this project: services of one product that share their metadata database. */
export interface App {
  /** `airflow`, or `airflow-2` for a second one. */
  readonly id: string;
  readonly product: Exclude<ProductId, "postgres">;
  readonly version: string;
  /** Services in the order they were written. */
  readonly services: readonly string[];
}

/** A PostgreSQL service as its environment will create it. */
export interface DatabaseServer {
  readonly service: string;
  readonly major: number;
  readonly superuser: string;
  /** Undefined: trust, or none given (the image refuses to start). */
  readonly password: string | undefined;
  readonly passwordIn: string | undefined;
  readonly database: string;
  readonly authMethod: "scram-sha-256" | "trust" | "md5";
}

/** An app's connection string, as its service's container reads it. */
export interface Connection {
  readonly service: string;
  readonly app: string | undefined;
  readonly role: ConnectionPlace["role"];
  /** `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN` or `--backend-store-uri`. */
  readonly writtenIn: string;
  readonly dialect: string;
  readonly host: string | undefined;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly schema: string | undefined;
  /** The PostgreSQL service its host name means on a network both share; undefined: none in this project. */
  readonly server: string | undefined;
}
