/** What to load, as the command line and the shell give it. */
export interface LoadRequest {
  /** Absolute working directory. */
  readonly cwd: string;
  /** `-f`, in order, `-` for standard input; empty: COMPOSE_FILE, else discovery. */
  readonly files: readonly string[];
  readonly projectName: string | undefined;
  readonly projectDirectory: string | undefined;
  /** `--profile`; empty: COMPOSE_PROFILES. */
  readonly profiles: readonly string[];
  /** `--env-file`, in order; empty: COMPOSE_ENV_FILES, else `.env`. */
  readonly envFiles: readonly string[];
  /** The shell's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
