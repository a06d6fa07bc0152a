export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** Facts of this machine and of how we were started. */
export interface Host {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly libc: "glibc" | "musl" | "other";
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly temporaryDirectory: string;
  readonly uid: number;
  readonly gid: number;
  readonly cpus: number;
  /** Whether standard input is a pipe or a file that somebody gave us. */
  readonly hasInput: boolean;
  /** An account by name, from the platform's own user database. */
  user(name: string): Promise<HostUser | undefined>;
  freeDiskBytes(path: string): Promise<number>;
}
