/** Does this for each item, a few of them at a time: while the server works on one, others are on their way. */
export async function inBatches<Item>(items: Iterable<Item>, work: (item: Item) => Promise<unknown>): Promise<void> {
  const waiting = [...items].values();
  const hands = Array.from({ length: 6 }, async () => {
    for (const item of waiting) await work(item);
  });
  await Promise.all(hands);
}
