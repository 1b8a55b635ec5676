/** Waiting for what a watch tells, so that nothing is added by looking again and again. */
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { target } from '../harness/target.ts';

export interface Watched {
  /** Resolves when the server has begun to tell. */
  begun: Promise<void>;
  /** Resolves when the condition holds of an object that was told; rejects after two minutes. */
  met: Promise<void>;
}

/** `path` is a collection, its query included; objects that are there already are told first. */
export function watch<T>(path: string, condition: (object: T) => boolean): Watched {
  const { agent, server } = target();
  const query = `${path.includes('?') ? '&' : '?'}watch=1`;
  const sent = request({ agent, host: server.hostname, port: server.port, path: path + query });
  const answered = new Promise<IncomingMessage>((resolve, reject) => sent.on('response', resolve).on('error', reject));
  sent.end();
  const met = (async () => {
    const response = await answered;
    const deadline = setTimeout(() => response.destroy(new Error(`${path}: nothing met the condition`)), 120_000);
    try {
      for await (const line of lines(response)) if (condition((JSON.parse(line) as { object: T }).object)) return;
      throw new Error(`${path}: the watch ended`);
    } finally {
      clearTimeout(deadline);
      sent.destroy();
    }
  })();
  return { begun: answered.then(() => {}), met };
}

async function* lines(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
