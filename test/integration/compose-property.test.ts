import { it } from "vitest";
import { assertSameConfig } from "../helpers/generated/assert-same-config.ts";

it("config prints what Docker Compose prints for a thousand generated projects", (context) =>
  assertSameConfig(context, 1_000));
