/** Waiting for a slow client. */
import type { Writable } from 'node:stream';

/** Resolves when what was written has gone out, or `connection`, which may be another stream, is gone. Leaves no listeners behind. */
export function drained(target: Writable, connection: Writable = target): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      target.off('drain', done);
      connection.off('close', done);
      resolve();
    };
    target.on('drain', done);
    connection.on('close', done);
  });
}
