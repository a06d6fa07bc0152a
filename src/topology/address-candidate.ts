import type { WrittenAddress } from "./topology.ts";
import type { TracedText } from "./traced-text.ts";

/** One place that could give an address; of several the first wins. */
export interface AddressCandidate {
  readonly writtenIn: string;
  readonly via: WrittenAddress["via"];
  readonly text: TracedText;
  /** Why its value is not known although it is written. */
  readonly reason?: string;
}
