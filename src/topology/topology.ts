import type { Component, ConnectionPlace, ImageBehaviour, ProductId } from "../catalog/product.ts";
import type { DatabaseUrl } from "./parse-database-url.ts";
import type { Dockerfile } from "./parse-dockerfile.ts";
import type { HostResolution } from "./resolve-host.ts";
import type { SearchPath } from "./search-path.ts";
import type { TracedText } from "./traced-text.ts";

/** What runs in this project: services with their products, apps, database servers and the connections between. */
export interface Topology {
  /** By service, in the order they are written. */
  readonly services: Readonly<Record<string, ServiceRole>>;
  readonly apps: readonly App[];
  /** PostgreSQL services, with what they will hold. */
  readonly servers: readonly DatabaseServer[];
  /** The databases that apps keep their own state in: for each service and role the one that takes effect. */
  readonly connections: readonly Connection[];
  /** Other addresses that services are given: tracking URIs, brokers, Airflow connections. */
  readonly endpoints: readonly Endpoint[];
  /** Every program that a service's command starts, in order of the text. */
  readonly invocations: readonly Invocation[];
  /** Who creates or upgrades an app's tables. */
  readonly migrations: readonly Migration[];
  /** What services wait for by themselves, in their commands. */
  readonly waits: readonly Wait[];
  /** Ports that catalog products open in their containers. */
  readonly listeners: readonly ListeningPort[];
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
  /** The long-running part it ends up as, or its job; all programs it starts: `Topology.invocations`. */
  readonly component: Component | undefined;
  /** What the image itself holds; differs from `product` when an MLflow server runs in an Airflow image. */
  readonly base: { readonly product: ProductId; readonly version: string } | undefined;
  /** The image a `FROM` or `image:` names. */
  readonly baseImage: string | undefined;
  readonly dockerfile: (Dockerfile & { readonly path: string }) | undefined;
  readonly behaviour: ImageBehaviour | undefined;
  /** Argv as the container would run it, entrypoint applied, before names and paths are mapped. */
  readonly argv: readonly string[];
  /** The same with the place of each word. */
  readonly words: readonly TracedText[];
  /** Environment of image, Dockerfile and file; nulls (named but unset) left out. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same with the place of each value. */
  readonly environmentText: ReadonlyMap<string, TracedText>;
  /** pip requirements the project adds: Dockerfile, `_PIP_ADDITIONAL_REQUIREMENTS`, `pip install` in the command. */
  readonly pip: readonly string[];
  /** Runs to its end, which `up` waits for. */
  readonly oneShot: boolean;
  /**
   * A program the catalog does not know, whose end nobody waits for and no restart policy undoes: running is as good as
   * having ended with 0.
   */
  readonly mayEnd: boolean;
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

/** A value that the project tells, does not tell (`reason`), or tells to be absent. */
export type Known<T> =
  | { readonly state: "known"; readonly value: T }
  | { readonly state: "none" }
  | { readonly state: "unknown"; readonly reason: string };

/** Whether a text could be read to its end. `reason` is a phrase: `MLFLOW_DSN is blank`, `/p/x.env is missing`. */
export type ReadState = { readonly kind: "known" } | { readonly kind: "unknown"; readonly reason: string };

/** A PostgreSQL service as its environment, init scripts and jobs will make it. */
export interface DatabaseServer {
  readonly service: string;
  readonly major: number;
  readonly superuser: string;
  /** Undefined: trust, none given (the image refuses to start), or unknown; `roles` tells which. */
  readonly password: string | undefined;
  readonly passwordIn: string | undefined;
  /** POSTGRES_DB. */
  readonly database: string;
  readonly authMethod: "scram-sha-256" | "trust" | "md5";
  /** The port it listens on in its container. */
  readonly port: number;
  /** Databases that will exist once init scripts and jobs ran: first POSTGRES_DB and `postgres`. */
  readonly databases: readonly ServerDatabase[];
  /** First the superuser. */
  readonly roles: readonly ServerRole[];
  readonly grants: readonly Grant[];
  /** Schemas that something creates; `public` of each database is not listed. */
  readonly schemas: readonly ServerSchema[];
  /** What `ALTER ROLE` and `ALTER DATABASE` set, in order: a later one of the same role and database counts. */
  readonly searchPaths: readonly SearchPath[];
  /** False: something that may create more could not be read, so absence proves nothing. */
  readonly complete: boolean;
  /** Why it is not complete, e.g. `/docker-entrypoint-initdb.d/init.sh runs a program that cannot be read`. */
  readonly gaps: readonly string[];
  /** Init scripts in the order the image runs them; they run only on an empty data directory. */
  readonly initScripts: readonly InitScript[];
}

/** A script in `/docker-entrypoint-initdb.d`. */
export interface InitScript {
  /** Path in the container. */
  readonly target: string;
  /** Host file it is mounted or copied from; undefined: content of a config or secret. */
  readonly file: string | undefined;
  readonly from: "mount" | "image" | "config";
}

/** What makes a database, role or grant. */
export interface Creation {
  readonly by: "environment" | "init-script" | "job";
  /** The service that does it: the server itself, or the job. */
  readonly service: string;
  /** False for init scripts and environment: they run only on an empty data directory. */
  readonly worksOnExistingData: boolean;
  /** Where it is written. */
  readonly text: TracedText | undefined;
}

export interface ServerDatabase {
  readonly name: string;
  readonly owner: Known<string>;
  readonly creation: Creation;
}

export interface ServerRole {
  readonly name: string;
  /** `none`: it has no password and can only log in where the server trusts. */
  readonly password: Known<string>;
  readonly superuser: boolean;
  readonly canLogin: boolean;
  readonly creation: Creation;
}

export interface Grant {
  /** Upper case: `ALL`, `CREATE`, `USAGE`, `CONNECT`; `OWNER` for `ALTER ... OWNER TO`, `MEMBER` for `GRANT role`. */
  readonly privileges: readonly string[];
  readonly on: "database" | "schema" | "role" | "other";
  readonly object: string;
  /** The database it is issued in. */
  readonly database: string;
  readonly grantee: string;
  readonly creation: Creation;
}

export interface ServerSchema {
  readonly name: string;
  readonly database: string;
  readonly owner: Known<string>;
  readonly creation: Creation;
}

/** What every address has that a service is given, wherever it is written. */
export interface WrittenAddress {
  /** The service whose container reads it. */
  readonly service: string;
  /** `App.id` of that service. */
  readonly app: string | undefined;
  /** `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN`, `--backend-store-uri`, `sql_alchemy_conn in airflow.cfg`. */
  readonly writtenIn: string;
  /**
   * `environment` also covers env_file and Dockerfile ENV, `file` airflow.cfg and basic_auth.ini; `text` tells the exact
   * place. `default`: nothing is written, and this is what the application falls back to.
   */
  readonly via: "environment" | "command" | "file" | "default";
  /** The effective text with its places. Holds secrets: never print it. */
  readonly text: TracedText;
  /** `unknown`: its parts must not be judged, nor compared with others. */
  readonly state: ReadState;
  /** Parts as SQLAlchemy sees them, with their offsets in `text.text`; undefined: no URL at all, or unknown. */
  readonly url: DatabaseUrl | undefined;
  /** Where its host leads from this service; undefined: no host (a file, a socket), or unknown. */
  readonly target: HostResolution | undefined;
}

/** An app's own database, as its service's container reads it. Parts are what SQLAlchemy and libpq make of it. */
export interface Connection extends WrittenAddress {
  /**
   * `migration`: what `mlflow db upgrade URL` names; `async`: the same store as Airflow 3.1 and later open it with an
   * asynchronous driver; the others are what the app keeps there.
   */
  readonly role: ConnectionPlace["role"] | "migration" | "async";
  /** `postgresql`, `sqlite`, `mysql`, `file` (a directory of MLflow); empty when unknown. */
  readonly dialect: string;
  readonly host: string | undefined;
  /** PGPORT or 5432 where the URL names none. */
  readonly port: number;
  /** With PGUSER and PGPASSWORD of the service where the URL names none. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** The first name of a `search_path` in the URL's options or in PGOPTIONS. */
  readonly schema: string | undefined;
  /** The PostgreSQL service its host name means on a network both share; undefined: none in this project. */
  readonly server: string | undefined;
  /** Written for the same service and role, and without effect because this one wins; strongest first. */
  readonly shadows: readonly Connection[];
}

/**
 * An address that is no state of the app itself.
 *
 * - `tracking`, `registry`: the MLflow server an MLflow client talks to (a DSN or a file path there is a fault)
 * - `broker`: Celery's
 * - `execution-api`: Airflow 3's api-server for tasks
 * - `airflow-connection`: AIRFLOW_CONN_*; `connectionId` is set
 */
export interface Endpoint extends WrittenAddress {
  readonly role: "tracking" | "registry" | "broker" | "execution-api" | "airflow-connection";
  /** `http`, `redis`, `postgres`; empty when there is none. */
  readonly scheme: string;
  readonly host: string | undefined;
  /** The scheme's own port where none is named, if it has one. */
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Path or database after the address. */
  readonly path: string | undefined;
  readonly connectionId: string | undefined;
}

/** One program that a service's command starts. */
export interface Invocation {
  readonly service: string;
  /** Last part of the program's path: `airflow`, `mlflow`, `psql`, `pip`. */
  readonly program: string;
  readonly product: ProductId | undefined;
  /** What an `airflow` or `mlflow` command line runs; undefined for other programs. */
  readonly component: Component | undefined;
  /** The first words after the program that are no flags: `["db", "migrate"]`. */
  readonly subcommand: readonly string[];
  /** All words as the program receives them, itself first, shell variables of the container expanded. */
  readonly words: readonly TracedText[];
  /** Assignments before the program: `A=b mlflow ...`, `env A=b ...`. */
  readonly assignments: Readonly<Record<string, TracedText>>;
  /** Every variable it sees: environment of the service, what the script exported before it, `assignments`. */
  readonly variables: ReadonlyMap<string, TracedText>;
  /** A here-document or here-string it reads, shell variables expanded. */
  readonly input: TracedText | undefined;
  /** What follows it: `&&` stops the script when it fails, `&` leaves it in the background, `||` hides a failure. */
  readonly separator: "&&" | "||" | ";" | "|" | "&" | "\n" | "";
  /** Where it stands in a `while` or `until` loop, if it does; a test that loops is a wait. */
  readonly loop: "test" | "body" | undefined;
  /** Stands in an `if`, `while`, `until`, `for`, `case` or function: may run never or often. */
  readonly conditional: boolean;
}

/** A service that creates or upgrades an app's tables when it starts. */
export interface Migration {
  readonly service: string;
  readonly app: string | undefined;
  readonly product: Exclude<ProductId, "postgres">;
  /**
   * `command`: `airflow db migrate`, `mlflow db upgrade`; `variable`: `_AIRFLOW_DB_MIGRATE` at the image's entry point
   * (a failure there still exits 0); `server-start`: an MLflow server initialises and upgrades its store, `airflow
   * standalone` migrates.
   */
  readonly by: "command" | "variable" | "server-start";
  readonly invocation: Invocation | undefined;
  /** The database it works on, as `Connection` tells it; undefined: none found. */
  readonly connection: Connection | undefined;
  /** False where it needs tables that exist: `mlflow db upgrade` before 3.14, which fails on an empty database. */
  readonly initialisesEmpty: boolean;
}

/** A wait inside a service's command. */
export interface Wait {
  readonly service: string;
  /** `sleep`: a fixed time; `port`: nc, /dev/tcp, wait-for-it, dockerize; `ready`: pg_isready, psql, curl, `airflow db check`. */
  readonly kind: "sleep" | "port" | "ready";
  readonly seconds: number | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly text: TracedText;
}

/** A port that a product opens inside its container. */
export interface ListeningPort {
  readonly service: string;
  readonly port: number;
  readonly purpose: "api" | "sql" | "logs" | "health";
  /** Host ports it is published on, as the file writes them; a range or an absent one (any port) as text. */
  readonly published: readonly string[];
}
