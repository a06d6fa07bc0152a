import type { Span } from "../core/span.ts";
import { addUnsupported, type Faults } from "./faults.ts";

const remote = /^(?:https?|ssh|git|oci):\/\/|^git@|^github\.com\/|\.git(?:#|$)/;

/** True, with a message, when a path names a repository or an artifact instead of a file. */
export function refuseRemote(
  reference: { readonly path: string; readonly what: "extends" | "include"; readonly service?: string },
  span: Span | undefined,
  faults: Faults,
): boolean {
  const { path, what, service } = reference;
  if (!remote.test(path)) return false;
  addUnsupported(faults, `${what} from a remote place (${path}) is not supported`, span, {
    kind: "remote",
    data: reference,
    hides: service === undefined ? ["resources"] : [{ service }],
    hint: "copy the file into the project and name it by its path",
  });
  return true;
}
