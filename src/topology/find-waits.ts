import { readFlag } from "./mlflow-candidates.ts";
import type { ServiceView } from "./service-view.ts";
import type { Invocation, Wait } from "./topology.ts";
import { sliceTraced, type TracedText } from "./traced-text.ts";

/** What a service's command waits for before its program starts. A `sleep` inside a loop belongs to that loop's test. */
export function findWaits(view: ServiceView): readonly Wait[] {
  const found = view.command.invocations.flatMap((invocation): Wait[] => {
    const wait = recognise(invocation);
    const text = invocation.words[0];
    return wait === undefined || text === undefined ? [] : [{ service: view.name, ...wait, text }];
  });
  return [...found, ...view.role.words.flatMap((word) => findTcpFiles(view.name, word))];
}

type Recognised = Pick<Wait, "kind" | "seconds" | "host" | "port">;

function recognise({ program, words, loop, subcommand }: Invocation): Recognised | undefined {
  const texts = words.map(({ text }) => text);
  const flag = (name: string): string | undefined => readFlag(words, name)?.text;
  switch (program) {
    case "sleep":
      return loop === "body" ? undefined : { ...none, kind: "sleep", seconds: secondsOf(texts[1]) };
    case "nc":
    case "ncat":
    case "netcat": {
      const [host, port] = texts.slice(1).filter((text) => !text.startsWith("-"));
      return { ...none, kind: "port", host, port: portOf(port) };
    }
    case "wait-for-it":
    case "wait-for-it.sh":
    case "wait-for":
    case "wait-for.sh":
    case "dockerize": {
      const address = texts.slice(1).find((text) => /:\d+/.test(text)) ?? "";
      const match = /(?:^|\/\/|=)([\w.-]+):(\d+)/.exec(address);
      return { ...none, kind: "port", host: match?.[1] ?? flag("-h"), port: portOf(match?.[2] ?? flag("-p")) };
    }
    case "pg_isready":
      return { ...none, kind: "ready", host: flag("-h") ?? flag("--host"), port: portOf(flag("-p") ?? flag("--port")) };
    case "psql":
      return loop === "test"
        ? { ...none, kind: "ready", host: flag("-h") ?? flag("--host"), port: portOf(flag("-p")) }
        : undefined;
    case "curl":
    case "wget": {
      const match = /^https?:\/\/([\w.-]+)(?::(\d+))?/.exec(texts.find((text) => text.startsWith("http")) ?? "");
      return loop === "test" ? { ...none, kind: "ready", host: match?.[1], port: portOf(match?.[2]) } : undefined;
    }
    case "airflow":
      return subcommand[0] === "db" && subcommand[1]?.startsWith("check") === true
        ? { ...none, kind: "ready" }
        : undefined;
    default:
      return undefined;
  }
}

const none = { seconds: undefined, host: undefined, port: undefined };

/** `</dev/tcp/db/5432`, a redirection of bash. */
function findTcpFiles(service: string, word: TracedText): Wait[] {
  return [...word.text.matchAll(/\/dev\/tcp\/([\w.-]+)\/(\d+)/g)].map((match) => ({
    ...none,
    service,
    kind: "port",
    host: match[1],
    port: portOf(match[2]),
    text: sliceTraced(word, match.index, match.index + match[0].length),
  }));
}

function portOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** `5`, `1.5`, `2m`. */
function secondsOf(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text ?? "");
  if (match === null) return undefined;
  const units: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };
  return Number(match[1]) * (units[match[2] ?? ""] ?? 1);
}
