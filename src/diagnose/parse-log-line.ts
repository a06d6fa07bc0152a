import { stripVTControlCharacters } from "node:util";
import { readLineTime } from "../core/read-line-time.ts";
import { parseJsonLine } from "./parse-json-line.ts";

/** A line of a log, without what a collector put before it. */
export interface LogLine {
  /** As the collector names it, without a replica's number; undefined where the line does not say. */
  readonly service: string | undefined;
  /** Milliseconds since the epoch, of the collector, else of the application. */
  readonly time: number | undefined;
  readonly text: string;
}

/** What one kind of collector puts before a line. */
interface Prefix {
  readonly pattern: RegExp;
  /** What it holds: a line without it need not be matched. */
  readonly holds?: string;
  /** A lone date or identifier says too little to be taken for a prefix more than once. */
  readonly hasService: boolean;
}

const date = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})`;

const prefixes: readonly Prefix[] = [
  // kubectl logs --prefix: [pod/airflow-scheduler-7d9c5b9f4-x2x4q/scheduler] ...
  { holds: "[pod/", pattern: /^\[pod\/(?<pod>[^/\]]+)\/[^\]]+\] ?/, hasService: true },
  // docker compose logs: "mlflow-1  | ..."; docker-compose v1 wrote mlflow_1.
  { holds: "|", pattern: /^(?<service>[A-Za-z0-9][\w.-]*)\s+\| ?/, hasService: true },
  // gh run view --log: job, step and time between tabs.
  {
    holds: "\t",
    pattern: new RegExp(String.raw`^[^\t]{1,200}\t[^\t]{1,200}\t\uFEFF?(?<time>${date}) `),
    hasService: false,
  },
  // The Container Runtime Interface, in /var/log/pods: time, stream, F(ull) or P(artial).
  { holds: " std", pattern: new RegExp(`^(?<time>${date}) std(?:out|err) [FP] `), hasService: false },
  // GitLab: time, stream number and letter, "+" for a continued line.
  { pattern: new RegExp(`^(?<time>${date}) \\d{2}[OE][ +]`), hasService: false },
  // journalctl -o short-iso.
  { pattern: new RegExp(`^(?<time>${date}) \\S+ (?<unit>[\\w.@:-]+)\\[\\d+\\]: `), hasService: true },
  // journalctl: no year, so no time.
  {
    pattern: /^[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}(?:\.\d+)? \S+ (?<unit>[\w.@-]+)(?:\[\d+\])?: /,
    hasService: true,
  },
  // docker logs -t, kubectl logs --timestamps, GitHub Actions. What applications begin lines with is left to them.
  { pattern: new RegExp(String.raw`^\uFEFF?(?<time>${date}) (?!\[\w+ *\] )`), hasService: false },
  // Jenkins' timestamper.
  { pattern: new RegExp(`^\\[(?<time>${date})\\] (?!\\{)`), hasService: false },
];

/** Programs that forward what others wrote: their name says nothing about the service. */
const forwarders = /^(?:dockerd|docker|containerd|systemd|kernel|podman|conmon)$/;

/** A line whose time has yet to be read from its text. */
export interface SplitLine {
  readonly service: string | undefined;
  /** Of the collector. */
  readonly time: number | undefined;
  readonly text: string;
}

/**
 * Reads one line as `docker compose logs`, `docker logs`, journald, Kubernetes, CI systems and JSON loggers write it:
 * colours off, prefixes off, service and time out of them. A line of no known form is its own text. Never throws.
 *
 * @param zone what a time without one means
 */
export function parseLogLine(raw: string, zone: "local" | "utc" = "utc"): LogLine {
  const { service, time, text } = splitLogLine(raw);
  return { service, time: time ?? readLineTime(text, zone), text };
}

/** `parseLogLine` without the time that the application wrote: most lines are not asked for it. */
export function splitLogLine(raw: string): SplitLine {
  let text = (raw.includes("\u001B") ? stripVTControlCharacters(raw) : raw).replace(/\r$/, "");
  let service: string | undefined;
  let time: number | undefined;
  // Collectors are stacked: compose over docker's time over JSON.
  for (let depth = 0; depth < 4; depth += 1) {
    const json = parseJsonLine(text);
    if (json !== undefined) {
      service ??= json.service;
      time ??= json.time;
      text = json.text;
      if (json.isWrapper) continue;
      break;
    }
    const found = findPrefix(text, service !== undefined);
    if (found === undefined) break;
    service ??= found.service;
    time ??= found.time;
    text = text.slice(found.length);
  }
  return { service, time, text };
}

function findPrefix(
  text: string,
  isNamed: boolean,
): { readonly service: string | undefined; readonly time: number | undefined; readonly length: number } | undefined {
  for (const { pattern, hasService, holds } of prefixes) {
    if ((hasService && isNamed) || (holds !== undefined && !text.includes(holds))) continue;
    const match = pattern.exec(text);
    if (match === null) continue;
    const { service, pod, unit, time } = match.groups ?? {};
    return {
      service: serviceName(service, pod, unit),
      time: time === undefined ? undefined : readLineTime(time),
      length: match[0].length,
    };
  }
  return undefined;
}

function serviceName(
  service: string | undefined,
  pod: string | undefined,
  unit: string | undefined,
): string | undefined {
  if (service !== undefined) return service.replace(/[-_]\d{1,3}$/, "");
  // A deployment's pods end in two hashes, a stateful set's in a number.
  if (pod !== undefined) return pod.replace(/-[a-z0-9]{5,10}-[a-z0-9]{5}$|-\d{1,3}$/, "");
  return unit === undefined || forwarders.test(unit) ? undefined : unit.replace(/\.service$/, "");
}
