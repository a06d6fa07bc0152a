/** Choices that a seed repeats. */
export interface Random {
  /** From 0 to below `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** Each with a probability, in order. */
  some<T>(choices: readonly T[], probability?: number): readonly T[];
}

/** Mulberry32: equally good for every 32-bit seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  const chance = (probability: number): boolean => next() < probability;
  return {
    below,
    chance,
    pick: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    some: (choices, probability = 0.5) => choices.filter(() => chance(probability)),
  };
}
