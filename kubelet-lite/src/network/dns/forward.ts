/** Asks the host's resolvers what is not the cluster's to answer, and remembers it for a short while. */
// Like CoreDNS plugin/forward and plugin/cache with kubeadm's Corefile: at most 30 seconds.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Clock } from '@naru/api/clock';
import { findTimeToLives, sameQuestion } from './message.ts';

export interface ForwarderOptions {
  /** Addresses in the order of preference; asked for with every question, as they change with the host's network. */
  servers(): readonly string[];
  clock: Clock;
  /** Tests have no port 53 to give. */
  port?: number;
}

export interface Forwarder {
  /** The answer to `message` as it came, with its id. Rejects when no resolver answered in time. */
  ask(message: Buffer, transport: 'udp' | 'tcp'): Promise<Buffer>;
}

const perServer = 2000;
const mostAtOnce = 1000;
const longestMemory = 30;
const mostRemembered = 1000;

interface Remembered {
  response: Buffer;
  storedAt: number;
  validUntil: number;
}

export function forwarder({ servers, clock, port = 53 }: ForwarderOptions): Forwarder {
  const cache = new Map<string, Remembered>();
  let asking = 0;

  const recall = (key: string, message: Buffer): Buffer | undefined => {
    const entry = cache.get(key);
    if (!entry) return undefined;
    if (entry.validUntil <= clock.now()) {
      cache.delete(key);
      return undefined;
    }
    return agedAnswer(entry, message, Math.floor((clock.now() - entry.storedAt) / 1000));
  };

  const remember = (key: string, response: Buffer) => {
    const seconds = memorySeconds(response);
    if (seconds <= 0) return;
    const [oldest] = cache.keys();
    if (cache.size >= mostRemembered && oldest !== undefined) cache.delete(oldest);
    cache.set(key, { response, storedAt: clock.now(), validUntil: clock.now() + seconds * 1000 });
  };

  const askServers = async (message: Buffer, transport: 'udp' | 'tcp'): Promise<Buffer> => {
    let failure: unknown = new Error('the host has no resolver');
    for (const server of servers()) {
      try {
        return await (transport === 'udp' ? askUdp : askTcp)(message, server, port, clock);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  return {
    async ask(message, transport) {
      const key = `${transport} ${cacheKey(message)}`;
      const known = recall(key, message);
      if (known) return known;
      if (asking >= mostAtOnce) throw new Error('too many questions at once');
      asking++;
      try {
        const response = await askServers(message, transport);
        remember(key, response);
        return response;
      } finally {
        asking--;
      }
    },
  };
}

/** Everything after the id, in small letters: the question with its flags and EDNS options. */
const cacheKey = (message: Buffer): string => message.toString('latin1', 2).toLowerCase();

/** How long an answer may be kept; 0: not at all. */
function memorySeconds(response: Buffer): number {
  const flags = response.readUInt16BE(2);
  const [rcode, isTruncated] = [flags & 0xf, (flags & 0x0200) !== 0];
  if (isTruncated || (rcode !== 0 && rcode !== 3)) return 0;
  const lives = findTimeToLives(response).map((offset) => response.readUInt32BE(offset));
  return lives.length > 0 ? Math.min(longestMemory, ...lives) : 0;
}

/** The kept answer under the new message's id and spelling of the name, with what is left of its time. */
function agedAnswer({ response }: Remembered, message: Buffer, seconds: number): Buffer {
  const copy = Buffer.from(response);
  for (const offset of findTimeToLives(copy))
    copy.writeUInt32BE(Math.max(0, copy.readUInt32BE(offset) - seconds), offset);
  message.copy(copy, 0, 0, 2);
  const questionEnd = endOfName(message, 12);
  message.copy(copy, 12, 12, questionEnd);
  return copy;
}

function endOfName(message: Buffer, from: number): number {
  let at = from;
  while (at < message.length && message[at] !== 0) at += (message[at] ?? 0) + 1;
  return at + 1;
}

/** The same message under an id that nobody can guess. */
function withFreshId(message: Buffer): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(randomInt(0x10000), 0);
  return copy;
}

function withIdOf(response: Buffer, message: Buffer): Buffer {
  message.copy(response, 0, 0, 2);
  return response;
}

function askUdp(message: Buffer, server: string, port: number, clock: Clock): Promise<Buffer> {
  const sent = withFreshId(message);
  const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4');
  return new Promise<Buffer>((resolve, reject) => {
    const cancel = clock.after(perServer, () => reject(new Error(`${server} did not answer`)));
    socket.on('message', (response) => {
      if (!sameQuestion(sent, response)) return; // late, or forged
      cancel();
      resolve(withIdOf(response, message));
    });
    socket.on('error', (error) => {
      cancel();
      reject(error);
    });
    // Connected, so that only this server's answers and errors arrive.
    socket.connect(port, server, () => socket.send(sent));
  }).finally(() => socket.close());
}

function askTcp(message: Buffer, server: string, port: number, clock: Clock): Promise<Buffer> {
  const sent = withFreshId(message);
  const socket = connect({ host: server, port });
  return new Promise<Buffer>((resolve, reject) => {
    let received = Buffer.alloc(0);
    const cancel = clock.after(perServer, () => reject(new Error(`${server} did not answer`)));
    const fail = (error: Error) => {
      cancel();
      reject(error);
    };
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(sent.length);
      socket.write(Buffer.concat([length, sent]));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const response = received.subarray(2, 2 + received.readUInt16BE(0));
      if (!sameQuestion(sent, response)) return fail(new Error(`${server} answered another question`));
      cancel();
      resolve(withIdOf(Buffer.from(response), message));
    });
    socket.on('error', fail);
    socket.on('close', () => fail(new Error(`${server} closed the connection`)));
  }).finally(() => socket.destroy());
}
