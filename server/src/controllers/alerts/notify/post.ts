/** Posts a message to a webhook, by its address, without following where it points to. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Target } from './target.ts';

const patience = 10_000;
const longestAnswer = 64 * 1024;

/** `authorization`: the value of that header. Throws an Error unless the receiver says that it took the message. */
export function post({ url, address, family }: Target, body: object, authorization?: string): Promise<void> {
  const text = JSON.stringify(body);
  // The name may mean another address by now; the one that was judged is called.
  const lookup: LookupFunction = (_name, options, callback) =>
    options.all ? callback(null, [{ address, family }]) : callback(null, address, family);
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(url, {
      method: 'POST',
      lookup,
      agent: false,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
        'User-Agent': 'naru-alerts',
        ...(authorization && { Authorization: authorization }),
      },
      signal: AbortSignal.timeout(patience),
    });
    request.on('error', reject);
    request.on('response', (answer) => judge(answer).then(resolve, reject));
    request.end(text);
  });
}

async function judge(answer: IncomingMessage): Promise<void> {
  const { statusCode = 0 } = answer;
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestAnswer) break;
  }
  if (statusCode < 200 || statusCode > 299) throw new Error(`the receiver answered ${statusCode}`);
}
