/** Listens for DNS over UDP and TCP at the cluster DNS address. */
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Clock } from '@naru/api/clock';
import type { Responder } from './respond.ts';

export interface DnsServerOptions {
  address: string;
  port?: number;
  respond: Responder;
  clock: Clock;
  /** The address cannot be listened on; it is tried again. */
  onError(error: Error): void;
}

const tcpIdle = 10_000;
const mostConnections = 500;
const retry = 5000;

export interface DnsServer {
  close(): void;
}

export function dnsServer(options: DnsServerOptions): DnsServer {
  const parts = [keepListening(options, listenUdp), keepListening(options, listenTcp)];
  return { close: () => parts.forEach((part) => part.close()) };
}

/** Starts again after a failure, until closed. */
function keepListening(
  options: DnsServerOptions,
  listen: (options: DnsServerOptions, failed: (error: Error) => void) => () => void,
): DnsServer {
  let cancel = () => {};
  let stop = () => {};
  const start = () => {
    stop = listen(options, (error) => {
      options.onError(error);
      stop();
      cancel = options.clock.after(retry, start);
    });
  };
  start();
  return {
    close() {
      cancel();
      stop();
    },
  };
}

function listenUdp({ address, port = 53, respond }: DnsServerOptions, failed: (error: Error) => void): () => void {
  const socket: UdpSocket = createSocket('udp4');
  let isOpen = true;
  socket.on('error', failed);
  socket.on('message', (message, client) => {
    void respond(message, 'udp').then((response) => {
      if (response && isOpen) socket.send(response, client.port, client.address, () => {});
    });
  });
  socket.bind(port, address);
  return () => {
    if (!isOpen) return;
    isOpen = false;
    socket.close();
  };
}

function listenTcp({ address, port = 53, respond }: DnsServerOptions, failed: (error: Error) => void): () => void {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.setTimeout(tcpIdle, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    answerStream(socket, respond);
  });
  server.maxConnections = mostConnections;
  server.on('error', failed);
  server.listen(port, address);
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

/** Each message has its length before it; answers go out in the order of the questions. */
function answerStream(socket: Socket, respond: Responder): void {
  let received = Buffer.alloc(0);
  let answered = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const message = received.subarray(2, 2 + received.readUInt16BE(0));
      received = received.subarray(2 + message.length);
      // A client that does not read its answers is not read from.
      socket.pause();
      answered = answered.then(() => answerOne(socket, respond, message)).then(() => void socket.resume());
    }
  });
}

async function answerOne(socket: Socket, respond: Responder, message: Buffer): Promise<void> {
  const response = await respond(message, 'tcp');
  if (!response || socket.destroyed) return;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(response.length);
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    socket.write(Buffer.concat([length, response]), () => {
      socket.off('close', resolve);
      resolve();
    });
  });
}
