import type { SqlTls } from "./sql.ts";

export interface PortOwner {
  readonly pid: number;
  /** The program's name as the platform tells it, e.g. `postgres`. */
  readonly program: string;
}

export interface Sockets {
  /** True when a listener could be opened on the address now. */
  isFree(host: string, port: number): Promise<boolean>;
  /** A port nobody listens on, outside `taken`. */
  freePort(host: string, taken: ReadonlySet<number>): Promise<number>;
  /** Who listens on a port, when the platform tells. */
  ownerOf(port: number): Promise<PortOwner | undefined>;
  /** Sends one line to a Unix socket and gives the first line of the answer. Rejects with Node's error. */
  exchange(path: string, line: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<string>;
  /**
   * A loopback port whose connections go on to a PostgreSQL server over TLS, for a program that knows no TLS; it does not
   * keep the process alive. Undefined: the server offers none and `tls` does not insist. Rejects where it does, and when a
   * certificate's file cannot be read.
   */
  relayTls(target: {
    readonly host: string;
    readonly port: number;
    readonly tls: SqlTls;
  }): Promise<{ readonly port: number; readonly close: () => void } | undefined>;
}
