import { it } from "vitest";
import { assertRulesSurvive } from "../helpers/assert-rules-survive.ts";

it("a thousand mutated projects never crash or hang the rules", () => assertRulesSurvive(1_000, 3));
