/** Maps items in order of the list, at most `limit` at a time; the first failure ends it. */
export async function inParallel(limit, items, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
