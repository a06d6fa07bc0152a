import { it } from "vitest";
import { assertSameConfig } from "../helpers/generated/assert-same-config.ts";

it("config prints what Docker Compose prints for five thousand generated projects", (context) =>
  assertSameConfig(context, 5_000));
