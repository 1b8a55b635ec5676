/** Leads a request through its stages, and turns whatever goes wrong into a Status. */
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { StatusError } from '@naru/api/status';
import { internalError, isStatusError } from '@naru/api/status';
import { requestPath } from '../request-path.ts';
import { Exchange } from './exchange.ts';
import type { HttpServer } from './server.ts';
import { NoSuchPath } from './no-such-path.ts';
import { sendStatus, sendText } from './write-response.ts';

export function handleRequest(request: IncomingMessage, response: ServerResponse, server: HttpServer): void {
  const exchange = new Exchange(request, response);
  server.meter.follow(exchange);
  lead(exchange, server);
}

/** A request to speak another protocol takes the same way; unless a stage takes over the connection, it is answered as usual and closed. */
export function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, server: HttpServer): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.on('finish', () => socket.end());
  socket.on('error', () => socket.destroy());
  lead(new Exchange(request, response, { socket, head }), server);
}

function lead(exchange: Exchange, server: HttpServer): void {
  try {
    run(exchange, server, 0)?.catch((error: unknown) => fail(exchange, error, server));
  } catch (error) {
    void fail(exchange, error, server);
  }
}

/** A read that waits for nothing is answered within the turn that brought it. */
function run(exchange: Exchange, server: HttpServer, from: number): void | Promise<void> {
  for (let index = from; index < requestPath.length; index++) {
    const pending = requestPath[index]!(exchange, server);
    if (pending) return pending.then(() => run(exchange, server, index + 1));
  }
}

async function fail(exchange: Exchange, error: unknown, server: HttpServer): Promise<void> {
  const { request, response } = exchange;
  if (exchange.answered || response.destroyed) {
    if (!isStatusError(error))
      server.log.error({ err: error, path: exchange.path }, 'request failed after its answer began');
    response.destroy();
    return;
  }
  const { status }: StatusError = asStatusError(error, exchange, server);
  // What was not read of the body would be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  try {
    if (error instanceof NoSuchPath) return await sendText(exchange, 404, `${status.message}\n`);
    await sendStatus(exchange, status, server.negotiator.negotiateError(request.headers.accept), server.toProtobuf);
  } catch (failure) {
    server.log.error({ err: failure, path: exchange.path }, 'an error could not be sent');
    response.destroy();
  }
}

function asStatusError(error: unknown, exchange: Exchange, { log }: HttpServer): StatusError {
  if (isStatusError(error)) return error;
  log.error({ err: error, method: exchange.method, path: exchange.path }, 'request failed');
  return internalError(error instanceof Error ? error.message : String(error));
}
