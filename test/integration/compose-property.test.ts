import { it } from "vitest";
import { assertSameConfig } from "../helpers/generated/assert-same-config.ts";

const timeout = 300_000;

it("config prints what Docker Compose prints for a thousand generated projects", { timeout }, (context) =>
  assertSameConfig(context, 1_000),
);
