/** An exec or attach over a WebSocket: channels 0 stdin, 1 stdout, 2 stderr, 3 error, 4 resize. */
// Like apiserver pkg/util/… websocket streams of remote commands.
import type { ChannelSocket } from '../websocket/channel-socket.ts';
import { parseTerminalSize, type CommandStatus, type RemoteSession, type WantedStreams } from './remote-session.ts';

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

export function websocketSession(socket: ChannelSocket, { stdin, stdout, stderr, tty }: WantedStreams): RemoteSession {
  const resizes = socket.input(channels.resize);
  const session: RemoteSession = {
    stdin: stdin ? socket.input(channels.stdin) : null,
    stdout: stdout ? socket.output(channels.stdout) : null,
    stderr: stderr && !tty ? socket.output(channels.stderr) : null,
    // One message is one size.
    onResize: (listener) =>
      void resizes.on('data', (chunk: Buffer) => {
        const size = parseTerminalSize(chunk.toString());
        if (size) listener(size);
      }),
    onGone: (listener) => socket.onGone(listener),
    async finish(status) {
      await socket.send(channels.error, socket.protocol.status ? JSON.stringify(status) : textOf(status));
      socket.close();
    },
  };
  // Clients wait for a first message before they send input.
  void socket.send(channels.stdout, '');
  return session;
}

const textOf = ({ status, message }: CommandStatus) => (status === 'Success' ? '' : (message ?? 'failed'));
