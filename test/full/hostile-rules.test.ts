import { it } from "vitest";
import { assertRulesSurvive } from "../helpers/assert-rules-survive.ts";

it("twenty thousand mutated projects never crash or hang the rules", () => assertRulesSurvive(20_000, 4));
