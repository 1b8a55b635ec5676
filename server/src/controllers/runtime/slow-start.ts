/** Does one thing many times, in batches that double while all goes well. */
// Like replicaset slowStartBatch: a quota that refuses the first pod is not asked a thousand times.

/** Throws the first error of the batch it ends with; the batches after it are not begun. */
export async function slowStart(count: number, act: (index: number) => Promise<void>): Promise<void> {
  let done = 0;
  for (let size = 1; done < count; size *= 2) {
    const batch = Math.min(size, count - done);
    const start = done;
    const outcomes = await Promise.allSettled(Array.from({ length: batch }, (_, index) => act(start + index)));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    done += batch;
  }
}
