/** /exec, /attach and /portForward: an Upgrade to SPDY or WebSocket, then bytes both ways. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { KubeletPath } from './kubelet-path.ts';
import { KubeletHttpError, type PodDirectory } from './pod-directory.ts';
import { forwardSpdy, isPort, type Dial } from './port-forward/forward-spdy.ts';
import { forwardWebSocket } from './port-forward/forward-websocket.ts';
import { byteStreamOf } from './port-forward/websocket-stream.ts';
import type { RemoteSession, WantedStreams } from './remote-command/remote-session.ts';
import { runRemoteCommand } from './remote-command/run-remote-command.ts';
import { spdyProtocols, spdySession } from './remote-command/spdy-session.ts';
import { websocketSession } from './remote-command/websocket-session.ts';
import { SpdyConnection } from './spdy/spdy-connection.ts';
import { acceptWebSocket } from './websocket/accept-websocket.ts';
import { ChannelSocket, channelProtocols, plainProtocol } from './websocket/channel-socket.ts';

const portForwardProtocol = 'portforward.k8s.io';
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

export interface StreamTargets {
  directory: PodDirectory;
  runtime: Pick<ContainerRuntime, 'exec' | 'attach' | 'dial'>;
}

/** Throws KubeletHttpError before the Upgrade was answered. Resolves when the stream has ended. */
export async function serveStream(upgrade: Upgrade, path: KubeletPath, targets: StreamTargets): Promise<void> {
  if (path.resource === 'portForward') return servePortForward(upgrade, path, targets);
  const { namespace, pod, container = '', query } = path;
  const { runtime, directory } = targets;
  const found = await directory.runningContainer(namespace, pod, container);
  const wanted = wantedStreams(query);
  const command = query.getAll('command');
  if (path.resource === 'exec' && !command.length)
    throw new KubeletHttpError(400, 'you must specify at least 1 command for the container');
  const session = await openSession(upgrade, wanted);
  if (!session) return;
  const { stdin, tty } = wanted;
  await runRemoteCommand(session, () =>
    path.resource === 'exec'
      ? runtime.exec(found.id, { command, stdin, tty })
      : runtime.attach(found.id, { stdin, tty: found.tty, stdinOnce: found.stdinOnce }),
  );
}

/** The kubelet's own names, and those of the API. */
function wantedStreams(query: URLSearchParams): WantedStreams {
  const flag = (...names: string[]) => names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const wanted = {
    stdin: flag('input', 'stdin'),
    stdout: flag('output', 'stdout'),
    stderr: flag('error', 'stderr'),
    tty: flag('tty'),
  };
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr) {
    throw new KubeletHttpError(400, 'you must specify at least 1 of stdin, stdout, stderr');
  }
  return wanted;
}

/** Undefined when the client offered nothing we speak; it has been told so. */
async function openSession(upgrade: Upgrade, wanted: WantedStreams): Promise<RemoteSession | undefined> {
  if (isSpdy(upgrade.request)) {
    const offered = headerList(upgrade.request, 'x-stream-protocol-version');
    const protocol = offered.length ? spdyProtocols.find((name) => offered.includes(name)) : 'channel.k8s.io';
    if (!protocol)
      throw new KubeletHttpError(
        403,
        `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}]`,
      );
    const connection = acceptSpdy(upgrade, protocol);
    return spdySession(connection, protocol, wanted).catch(() => {
      connection.close();
      return undefined;
    });
  }
  const accepted = await acceptWebSocket(
    upgrade.request,
    upgrade.socket,
    upgrade.head,
    channelProtocols.map(({ name }) => name),
  );
  if (!accepted) return undefined;
  const protocol = channelProtocols.find(({ name }) => name === accepted.protocol) ?? plainProtocol;
  return websocketSession(new ChannelSocket(accepted.socket, protocol), wanted);
}

async function servePortForward(
  upgrade: Upgrade,
  { namespace, pod, query }: KubeletPath,
  targets: StreamTargets,
): Promise<void> {
  const sandbox = await targets.directory.runningSandbox(namespace, pod);
  const dial: Dial = (port) => targets.runtime.dial(sandbox, port);
  if (isSpdy(upgrade.request)) return forwardSpdy(acceptSpdy(upgrade, portForwardProtocol), dial);
  const ports = portsOf(query);
  const protocols = [tunnelProtocol, ...channelProtocols.map(({ name }) => name)];
  const accepted = await acceptWebSocket(upgrade.request, upgrade.socket, upgrade.head, protocols);
  if (!accepted) return;
  if (accepted.protocol === tunnelProtocol) return forwardSpdy(new SpdyConnection(byteStreamOf(accepted.socket)), dial);
  const protocol = channelProtocols.find(({ name }) => name === accepted.protocol) ?? plainProtocol;
  return forwardWebSocket(new ChannelSocket(accepted.socket, protocol), ports, dial);
}

function portsOf(query: URLSearchParams): number[] {
  const ports = [...query.getAll('port'), ...query.getAll('ports')].flatMap((text) => text.split(',')).map(Number);
  if (!ports.every(isPort)) throw new KubeletHttpError(400, 'a port is a number from 1 to 65535');
  return ports;
}

const isSpdy = (request: IncomingMessage) => (request.headers.upgrade ?? '').toLowerCase() === 'spdy/3.1';

const headerList = (request: IncomingMessage, name: string) =>
  (request.headersDistinct[name] ?? []).flatMap((value) => value.split(',')).map((value) => value.trim());

function acceptSpdy({ socket, head }: Upgrade, protocol: string): SpdyConnection {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `X-Stream-Protocol-Version: ${protocol}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length) socket.unshift(head);
  return new SpdyConnection(socket);
}
