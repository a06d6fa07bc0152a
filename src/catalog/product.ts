/** Applications Bulkhead knows. */
export type ProductId = "airflow" | "mlflow" | "postgres";

/** A container image's name and tag: `apache/airflow`, `2.7.0-python3.9`. */
export interface ImageReference {
  /** Without registry host and tag, e.g. `apache/airflow`, `postgres`. */
  readonly repository: string;
  /** Registry host when the reference names one, e.g. `ghcr.io`. */
  readonly registry: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** What an image tag says of the product inside. `version` is the tag's own text without prefix and suffix. */
export interface RecognisedImage {
  readonly product: ProductId;
  readonly version: string;
  /** `3.9` for `2.7.0-python3.9`. */
  readonly python: string | undefined;
}

/** What an image does before and around the command: the facts the native engine repeats. */
export interface ImageBehaviour {
  /** HOME and working directory inside the container. */
  readonly home: string;
  readonly workingDirectory: string;
  /** Environment the image sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Command when the file gives none. */
  readonly defaultCommand: readonly string[];
  /** Directories declared as volumes: kept between recreations even when the file mounts nothing there. */
  readonly volumes: readonly string[];
}

/** A port a component opens, and how it is told to open another one. */
export interface Listener {
  /** Port inside the container when nothing else is said. */
  readonly port: number;
  readonly purpose: "api" | "sql" | "logs" | "health";
  /** The program whose flags these are: a command may start others beside it, with flags of the same name. */
  readonly program: "airflow" | "mlflow" | "postgres";
  /** Command flags that set the port and the address (`--port 8080`, `--port=8080`, `-p 8080`). */
  readonly portFlags: readonly string[];
  readonly hostFlags: readonly string[];
  /** Environment variables that set them. */
  readonly portVariables: readonly string[];
  readonly hostVariables: readonly string[];
  /** True when all components of the app must agree on the port (log servers). */
  readonly sharedByApp: boolean;
}

/** One part of an app, recognised by the command it runs. */
export interface Component {
  /** `api-server`, `scheduler`, `server`, `migration`, ... */
  readonly id: string;
  /** Runs to its end instead of staying up. */
  readonly oneShot: boolean;
  readonly listeners: readonly Listener[];
}

/** A place where a product reads a connection string. */
export interface ConnectionPlace {
  readonly variable?: string;
  readonly flag?: string;
  /** What the database holds for the app. */
  readonly role: "metadata" | "results" | "registry" | "auth";
  /** Order of precedence: a lower number wins. */
  readonly precedence: number;
}
