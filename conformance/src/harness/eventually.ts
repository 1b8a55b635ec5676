/** Waiting for a condition instead of for time. */

/** Calls `attempt` until it neither throws nor answers false; fails with the last error after `seconds`. */
export async function eventually<T>(
  attempt: () => Promise<T | false> | T | false,
  { seconds = 30, what = 'the condition' } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    let last: unknown;
    try {
      const result = await attempt();
      if (result !== false) return result;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what} did not come true within ${seconds} s`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
