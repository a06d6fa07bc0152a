import type { UnitStatus } from "./native/unit.ts";

/** Lets many wait for a state of a service, whoever learns of states. */
export interface StatusBoard {
  /** To be called when a status may have changed. */
  changed(): void;
  /** To be called when nothing more will be learnt: everybody who waits is told why. */
  failed(error: unknown): void;
  /** Resolves with the first status (the present one included) that the test accepts. Rejects when aborted or failed. */
  readonly until: (
    service: string,
    accept: (status: UnitStatus) => boolean,
    signal: AbortSignal,
  ) => Promise<UnitStatus>;
}

/** `status`: what is known of a service now. */
export function createStatusBoard(status: (service: string) => UnitStatus | undefined): StatusBoard {
  const listeners = new Set<() => void>();
  let failure: { readonly error: unknown } | undefined;
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    changed,
    failed: (error) => {
      failure = { error };
      changed();
    },
    until: (service, accept, signal) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          listeners.delete(look);
          signal.removeEventListener("abort", onAbort);
          act();
        };
        const onAbort = (): void => settle(() => reject(signal.reason));
        const look = (): void => {
          const known = status(service);
          if (known !== undefined && accept(known)) settle(() => resolve(known));
          else if (failure !== undefined) settle(() => reject(failure?.error));
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        listeners.add(look);
        look();
      }),
  };
}
