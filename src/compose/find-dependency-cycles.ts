/** Who has so many circles breaks some of them first. */
const maximumCycles = 100;

/**
 * Circles in a graph, one for each edge that leads back to where a depth-first walk came from. Each lists its members in
 * order; the last leads to the first. Takes no stack, however long a chain is.
 */
export function findDependencyCycles(
  names: Iterable<string>,
  dependenciesOf: (name: string) => readonly string[],
): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  for (const start of names) {
    if (done.has(start)) continue;
    const trail: { readonly name: string; readonly rest: Iterator<string> }[] = [];
    const places = new Map<string, number>();
    const enter = (name: string) => {
      places.set(name, trail.length);
      trail.push({ name, rest: dependenciesOf(name).values() });
    };
    enter(start);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        done.add(top.name);
        places.delete(top.name);
        trail.pop();
        continue;
      }
      const back = places.get(next.value);
      if (back !== undefined) {
        cycles.push(trail.slice(back).map(({ name }) => name));
        if (cycles.length === maximumCycles) return cycles;
      }
      if (back === undefined && !done.has(next.value)) enter(next.value);
    }
  }
  return cycles;
}
