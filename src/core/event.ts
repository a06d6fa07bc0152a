/** What a service is doing, as `ps`, `up` and `--json` show it. */
export type ServiceState =
  | "preparing"
  | "waiting"
  | "starting"
  | "running"
  | "ready"
  | "completed"
  | "exited"
  | "crash-loop"
  | "stopped";

/**
 * What happens while a command works. Actions emit these; renderers show them. `note` is one sentence for the user that
 * is no failure (a choice made, something left out).
 *
 * `detail` of a `service` event: for `waiting` what it waits for (`postgres (healthy)`); for `exited` and `crash-loop`
 * why; for `ready` and `completed` a remark that matters less; for `preparing`, `starting`, `running` and `stopped` what
 * happens now, shown in place of the state's word (`migrating`, `stopping`). `seconds` of a finished state is how long it
 * took to get there. Events may repeat; a change of digits alone is not a change to a reader of plain lines.
 */
export type ProgressEvent =
  | {
      readonly type: "service";
      readonly service: string;
      readonly state: ServiceState;
      readonly detail?: string;
      readonly seconds?: number;
    }
  | {
      readonly type: "prepare";
      readonly subject: string;
      readonly phase: "found" | "resolving" | "downloading" | "building" | "ready";
      readonly detail?: string;
      readonly seconds?: number;
    }
  | {
      readonly type: "step";
      readonly id: string;
      readonly outcome: "ok" | "failed" | "unknown" | "running";
      readonly seconds?: number;
      readonly evidence?: string;
    }
  | { readonly type: "warning"; readonly message: string; readonly hint?: string; readonly service?: string }
  | { readonly type: "note"; readonly message: string; readonly hint?: string; readonly service?: string };

export type Emit = (event: ProgressEvent) => void;
