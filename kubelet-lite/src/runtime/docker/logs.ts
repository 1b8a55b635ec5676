/** A container's log as the engine keeps it, line by line with its times. */
import type { Readable } from 'node:stream';
import type { LogLine, LogOptions } from '../container-runtime.ts';
import type { Engine } from './engine.ts';
import { frames } from './frames.ts';

/** `tty`: the log then has no frames, because it was one stream. */
export async function* readLogs(
  engine: Engine,
  { id, tty }: { id: string; tty: boolean },
  options: LogOptions,
): AsyncGenerator<LogLine> {
  const source = await engine.stream({
    what: `read logs of container ${id}`,
    method: 'GET',
    path: `/containers/${id}/logs`,
    query: {
      stdout: '1',
      stderr: '1',
      timestamps: '1',
      follow: options.follow ? '1' : '0',
      tail: options.tailLines === undefined ? 'all' : String(options.tailLines),
      ...(options.since && { since: engineTime(options.since) }),
    },
    ...(options.signal && { signal: options.signal }),
  });
  try {
    if (tty) yield* plainLines(source);
    else for await (const { stream, content } of frames(source)) yield { stream, ...timed(content) };
  } catch (error) {
    // Whoever reads has gone: the end of the stream, not a fault.
    if (!options.signal?.aborted) throw error;
  } finally {
    source.destroy();
  }
}

async function* plainLines(source: Readable): AsyncGenerator<LogLine> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield { stream: 'stdout', ...timed(rest.subarray(0, end + 1)) };
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length) yield { stream: 'stdout', ...timed(rest) };
}

/** Each message begins with its time and a blank. */
function timed(content: Buffer): { time: string; line: Buffer } {
  const blank = content.indexOf(32);
  if (blank === -1) return { time: content.toString('latin1').trim(), line: Buffer.alloc(0) };
  return { time: content.toString('latin1', 0, blank), line: content.subarray(blank + 1) };
}

/** RFC 3339 as the engine's seconds and nanoseconds. */
export function engineTime(time: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  const fraction = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
