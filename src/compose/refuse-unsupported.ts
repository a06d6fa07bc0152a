import { addUnsupported, type Faults } from "./faults.ts";
import { child, type Mapping } from "./tree.ts";

/** Reports the parts of Compose that Bulkhead does not understand. */
export function refuseUnsupported(model: Mapping, faults: Faults): void {
  for (const feature of ["jobs", "models"]) {
    const entry = model.entries.get(feature);
    if (entry !== undefined)
      addUnsupported(faults, `"${feature}" is not supported`, entry.keySpan, {
        kind: "unsupported",
        data: { feature },
      });
  }
  const services = child(model, "services");
  if (services?.kind !== "map") return;
  for (const [service, { value }] of services.entries) {
    if (value.kind !== "map") continue;
    const feature = "pre_start";
    const entry = value.entries.get(feature);
    if (entry !== undefined)
      addUnsupported(faults, `"${feature}" of service "${service}" is not supported`, entry.keySpan, {
        kind: "unsupported",
        data: { feature, service },
        hides: [{ service, attribute: feature }],
        hint: "make it a service of its own and wait for service_completed_successfully",
      });
  }
}
