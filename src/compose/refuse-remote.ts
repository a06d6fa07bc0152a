import type { Span } from "../core/span.ts";
import { addMessage, type Faults } from "./faults.ts";

const remote = /^(?:https?|ssh|git|oci):\/\/|^git@|^github\.com\/|\.git(?:#|$)/;

/** True, with a message, when a path names a repository or an artifact instead of a file. */
export function refuseRemote(path: string, what: string, span: Span | undefined, faults: Faults): boolean {
  if (!remote.test(path)) return false;
  addMessage(
    faults.unsupported,
    `${what} from a remote place (${path}) is not supported`,
    span,
    "copy the file into the project and name it by its path",
  );
  return true;
}
