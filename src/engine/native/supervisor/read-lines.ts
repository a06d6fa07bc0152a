import type { Socket } from "node:net";
import { lineSplitter } from "./protocol.ts";

/** Gives each line that comes; whoever sends what is no line, or fails `onLine`, is let go. So is whoever goes away. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  const split = lineSplitter(onLine);
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    try {
      split(chunk);
    } catch {
      socket.destroy();
    }
  });
  // The other side may go at any moment.
  socket.on("error", () => socket.destroy());
}
