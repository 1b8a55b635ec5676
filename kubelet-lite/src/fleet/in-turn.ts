/** Does one thing for many, a few at a time. */

/** Failures are told one by one; the others go on. Resolves when all are through. */
export async function inTurn<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  { atOnce, onError }: { atOnce: number; onError(item: T, error: unknown): void },
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      const item = next.value;
      await work(item).catch((error: unknown) => onError(item, error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
