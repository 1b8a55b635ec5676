/** A program in a pod, or outside: answers on ports, and does over HTTP what it is told: asks others, keeps a connection open, sends requests all the time. Runs alone in Node, its types taken off. */
import { createSocket } from 'node:dgram';
import { resolve4 } from 'node:dns/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';

interface Listening {
  protocol: 'TCP' | 'UDP';
  port: number;
  /** Every one when not given. */
  address?: string;
}

interface Question extends Listening {
  host: string;
  /** Milliseconds. */
  timeout: number;
  /** Local address and port; any when not given. */
  source?: string;
  from?: number;
}

interface Load {
  host: string;
  port: number;
  perSecond: number;
}

interface Settings {
  /** The host's name when not given. */
  name?: string;
  control: number;
  listen?: Listening[];
  /** Answers HTTP here; stops listening on TERM, as a server does that has nothing of its own to end. */
  web?: number;
  /** Takes all that comes on this port and answers nothing. */
  drain?: number;
  /** Ends with its standard input, so that it does not outlive a suite that is killed. */
  attached?: boolean;
  /** Asked before anything else, as soon as the program runs. */
  first?: Question[];
}

const settings = JSON.parse(process.env['PEER'] ?? '{}') as Settings;
const { name = hostname(), control, listen = [], web, drain, attached, first = [] } = settings;
if (attached) process.stdin.on('end', () => process.exit()).resume();

/** What the other end says first, or the error's code, or `timeout`. */
function ask({ protocol, host, port, timeout, source, from }: Question): Promise<string> {
  return new Promise((resolve) => {
    let close = () => {};
    const done = (text: string) => {
      clearTimeout(timer);
      close();
      resolve(text.trim());
    };
    const failed = (error: NodeJS.ErrnoException) => done(error.code ?? error.message);
    const timer = setTimeout(() => done('timeout'), timeout);
    if (protocol === 'TCP') {
      const socket = connect({ host, port, ...(from && { localPort: from }), ...(source && { localAddress: source }) });
      close = () => socket.destroy();
      socket.on('data', (data) => done(data.toString()));
      socket.on('error', failed);
      socket.on('end', () => done('closed'));
      return;
    }
    const socket = createSocket('udp4');
    close = () => socket.close();
    socket.on('message', (data) => done(data.toString()));
    socket.on('error', failed);
    const send = () => socket.connect(port, host, () => socket.send('?'));
    socket.bind({ port: from ?? 0, ...(source && { address: source }) }, send);
  });
}

/** Says who it is, and the address it sees the other under; a TCP connection then stays and echoes. */
function serve({ protocol, port, address = '0.0.0.0' }: Listening): void {
  if (protocol === 'TCP') {
    createServer((socket) => {
      socket.on('error', () => {});
      socket.write(`${name} ${socket.remoteAddress?.replace('::ffff:', '')}\n`);
      socket.pipe(socket);
    }).listen(port, address);
    return;
  }
  const socket = createSocket('udp4');
  socket.on('message', (_data, from) => socket.send(`${name} ${from.address}\n`, from.port, from.address));
  socket.bind(port, address);
}

/** Sends as fast as it goes for so many seconds; bytes a second that the other end took. */
function pump({ host, port, seconds }: Question & { seconds: number }): Promise<number> {
  const chunk = Buffer.alloc(256 * 1024);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.on('error', reject);
    socket.on('connect', () => {
      const begun = performance.now();
      const end = begun + seconds * 1000;
      const fill = () => {
        while (performance.now() < end) if (!socket.write(chunk)) return;
        socket.removeListener('drain', fill);
        const taken = socket.bytesWritten - socket.writableLength;
        socket.destroy();
        resolve((taken * 1000) / (performance.now() - begun));
      };
      socket.on('drain', fill);
      fill();
    });
  });
}

/** Asks again and again until somebody answers; milliseconds on this machine's clock. */
async function answeredAt(question: Question): Promise<number> {
  for (;;) {
    const answer = await ask(question);
    if (/ \d+\.\d+\.\d+\.\d+$/.test(answer)) return Date.now();
  }
}

let held: Socket | undefined;
let heldState = 'none';

/** Opens a connection and writes on it all the time; `held` tells whether answers come. */
function hold({ host, port }: Question): Promise<string> {
  return new Promise((resolve) => {
    held?.destroy();
    const socket = connect({ host, port });
    held = socket;
    let last = Date.now();
    const timer = setInterval(() => {
      socket.write('.');
      if (Date.now() - last > 1500) heldState = 'silent';
    }, 50);
    socket.on('data', () => {
      last = Date.now();
      heldState = 'open';
      resolve(heldState);
    });
    const end = (state: string) => {
      clearInterval(timer);
      heldState = state;
      resolve(heldState);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.on('end', () => end('closed'));
  });
}

const noLoad = () => ({ sent: 0, answered: 0, failed: [] as string[], by: {} as Record<string, number> });
let load = noLoad();
let loading: NodeJS.Timeout | undefined;
/** Milliseconds; a connection that goes nowhere stays so for minutes, a busy machine answers in the end. */
const noAnswer = 20_000;
const mostAtOnce = 10;

/** One HTTP request on a connection of its own, by hand, since Node's client costs more than the servers. */
function get({ host, port }: Load): void {
  load.sent++;
  const begun = Date.now();
  let text = '';
  const socket = connect({ host, port, timeout: noAnswer });
  const failed = (why: string) => load.failed.push(`${new Date(begun).toISOString()} +${Date.now() - begun} ms ${why}`);
  const end = (error?: Error) => {
    const [, body] = /^HTTP\/1\.1 200 .*\r\n\r\n(.*)$/s.exec(text) ?? [];
    if (error || body === undefined) failed(error?.message ?? `answer ${JSON.stringify(text)}`);
    else {
      load.answered++;
      load.by[body] = (load.by[body] ?? 0) + 1;
    }
  };
  socket.on('data', (data) => (text += data.toString()));
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  socket.once('error', end);
  socket.once('end', () => end());
  socket.write(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
}

/** Requests at an even pace, however long the answers take; those that a stop of the whole machine delayed are left out. */
function startLoad(wanted: Load): string {
  let last = performance.now();
  let due = 0;
  load = noLoad();
  loading = setInterval(() => {
    const now = performance.now();
    due += Math.min(((now - last) / 1000) * wanted.perSecond, mostAtOnce);
    last = now;
    for (; due >= 1; due--) get(wanted);
  }, 5);
  return 'started';
}

/** Ends it; `answered` and `failed` together reach `sent` when the last answer is there. */
function stopLoad(): typeof load {
  clearInterval(loading);
  return load;
}

const firstAnswers = Promise.all(first.map(ask));

const commands: Record<string, (argument: never) => unknown> = {
  ask: (questions: Question[]) => Promise.all(questions.map(ask)),
  first: () => firstAnswers,
  hold,
  pump,
  answeredAt,
  held: () => heldState,
  startLoad,
  load: () => load,
  stopLoad,
  /** By the resolver of resolv.conf. */
  lookUp: (host: string) => resolve4(host).catch((error: NodeJS.ErrnoException) => error.code),
};

for (const one of listen) serve(one);

createHttpServer((incoming, response) => {
  let text = '';
  incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
  incoming.on('end', () => {
    const command = commands[incoming.url?.slice(1) ?? ''];
    Promise.resolve(command?.(JSON.parse(text || 'null') as never)).then(
      (result) => response.end(JSON.stringify(result ?? null)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
}).listen(control, '0.0.0.0');

const site = createHttpServer((_request, response) => {
  response.setHeader('connection', 'close');
  response.end(name);
});
if (web) site.listen(web, '0.0.0.0');
if (drain) createServer((socket) => socket.on('error', () => {}).resume()).listen(drain, '0.0.0.0');

process.on('SIGTERM', () => {
  if (!web) process.exit();
  site.close(() => process.exit());
});
