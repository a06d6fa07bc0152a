import type { Look } from "./look.ts";
import { paint, type Style } from "./styles.ts";
import { padTo } from "./text-width.ts";

const COLOURS: readonly Style[] = ["cyan", "yellow", "green", "magenta", "blue"];

/**
 * Gives a function that writes `service | line` as `docker compose logs` does: one colour a service in the order they
 * appear, names padded to the longest known. `services` are those known before the first line; without prefix the line
 * is passed through. What the application wrote is kept byte by byte; a colour it left on is ended.
 */
export function logLineRenderer(
  services: readonly string[],
  options: { prefix: boolean },
  look: Look,
): (service: string, line: string) => string {
  const order = [...services];
  let width = Math.max(0, ...services.map((name) => name.length));
  return (service, line) => {
    const ended = look.colour && line.includes("\u001b") ? `${line}\u001b[0m` : line;
    if (!options.prefix) return ended;
    if (!order.includes(service)) order.push(service);
    width = Math.max(width, service.length);
    return `${paint(look, COLOURS[order.indexOf(service) % COLOURS.length], `${padTo(service, width)} |`)} ${ended}`;
  };
}
