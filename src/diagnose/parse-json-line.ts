import { readLineTime } from "../core/read-line-time.ts";

/** A line of JSON as text. */
export interface JsonLine {
  readonly service: string | undefined;
  readonly time: number | undefined;
  readonly text: string;
  /** The text is another program's own line, which may have a form again. */
  readonly isWrapper: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a line that is one JSON object of docker's json-file driver, journald or a structured logger; else undefined. */
export function parseJsonLine(text: string): JsonLine | undefined {
  if (!text.startsWith("{") || !text.trimEnd().endsWith("}")) return undefined;
  let fields: Fields;
  try {
    fields = JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
  return readDockerFile(fields) ?? readJournal(fields) ?? readStructured(fields);
}

function readDockerFile({ log, time }: Fields): JsonLine | undefined {
  if (typeof log !== "string" || typeof time !== "string") return undefined;
  return { service: undefined, time: readLineTime(time), text: log.replace(/\r?\n$/, ""), isWrapper: true };
}

function readJournal(fields: Fields): JsonLine | undefined {
  const { MESSAGE: message, __REALTIME_TIMESTAMP: microseconds } = fields;
  if (typeof message !== "string" || typeof microseconds !== "string") return undefined;
  const compose = fields["COM_DOCKER_COMPOSE_SERVICE"];
  const unit = [compose, fields["CONTAINER_NAME"], fields["SYSLOG_IDENTIFIER"]].find((one) => typeof one === "string");
  return { service: unit, time: Number(microseconds) / 1000, text: message, isWrapper: true };
}

/** Airflow 3's structlog, and loggers that name a message as most do. */
function readStructured(fields: Fields): JsonLine | undefined {
  const message = [fields["event"], fields["message"], fields["msg"]].find((one) => typeof one === "string");
  if (message === undefined) return undefined;
  const { level, timestamp, time } = fields;
  const at = [timestamp, time].find((one) => typeof one === "string");
  return {
    service: undefined,
    time: at === undefined ? undefined : readLineTime(at),
    text: [typeof level === "string" ? `[${level}] ${message}` : message, ...exceptions(fields)].join(": "),
    isWrapper: false,
  };
}

/** structlog's `error_detail` holds the exceptions of a chain, the last one raised first; `exception` is their text. */
function exceptions(fields: Fields): string[] {
  const detail = fields["error_detail"] ?? fields["exception"] ?? fields["exc_info"] ?? fields["error"];
  if (typeof detail === "string") return [detail.replaceAll("\n", " ")];
  if (!Array.isArray(detail)) return [];
  return detail.flatMap((one: unknown) => {
    const { exc_type: type, exc_value: value } = (one ?? {}) as Fields;
    return typeof type === "string" && typeof value === "string" ? [`${type}: ${value.replaceAll("\n", " ")}`] : [];
  });
}
