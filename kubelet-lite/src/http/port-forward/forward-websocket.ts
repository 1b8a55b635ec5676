/** Port-forward over WebSocket channels, as older clients do it: the ports are named in the query, each has two channels. */
// Like k8s.io/cri-streaming portforward/websocket.go.
import { Duplex } from 'node:stream';
import type { ChannelSocket } from '../websocket/channel-socket.ts';
import { joinStreams, type Dial } from './forward-spdy.ts';

/** Resolves when the client has gone. */
export function forwardWebSocket(socket: ChannelSocket, ports: readonly number[], dial: Dial): Promise<void> {
  ports.forEach((port, index) => void forwardOne(socket, { port, data: 2 * index, error: 2 * index + 1 }, dial));
  return new Promise((resolve) => socket.onGone(resolve));
}

async function forwardOne(
  socket: ChannelSocket,
  { port, data, error }: { port: number; data: number; error: number },
  dial: Dial,
): Promise<void> {
  const name = Buffer.alloc(2);
  name.writeUInt16LE(port);
  const client = Duplex.from({ readable: socket.input(data), writable: socket.output(data) });
  await socket.send(data, name);
  await socket.send(error, name);
  try {
    joinStreams(client, await dial(port));
  } catch (reason) {
    await socket.send(error, `failed to forward port ${port}: ${(reason as Error).message}`);
  }
}
