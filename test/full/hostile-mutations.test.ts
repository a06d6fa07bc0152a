import { it } from "vitest";
import { assertSurvivesMutations } from "../helpers/assert-survives-mutations.ts";

it("a hundred thousand mutated projects never crash or hang the loader", () => assertSurvivesMutations(100_000, 2));
