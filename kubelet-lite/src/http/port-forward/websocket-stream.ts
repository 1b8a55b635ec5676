/** A WebSocket's binary messages as one byte stream: what a SPDY connection inside a WebSocket runs over. */
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export function byteStreamOf(socket: WebSocket): Duplex {
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => socket.send(chunk, { binary: true }, (error) => done(error ?? null)),
    final(done) {
      socket.close(1000);
      done();
    },
    destroy(error, done) {
      socket.terminate();
      done(error);
    },
  });
  socket.on('message', (data: Buffer) => {
    if (!stream.push(data)) socket.pause();
  });
  socket.on('close', () => stream.push(null));
  socket.on('error', () => {}); // 'close' follows
  return stream;
}
