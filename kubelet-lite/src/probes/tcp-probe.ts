/** Probes by opening a connection. */
import { connect } from 'node:net';
import { dialError, hostPort, type ProbeResult } from './probe-result.ts';

export function probeTcp(host: string, port: number, timeoutSeconds: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutSeconds * 1000 });
    const finish = (result: ProbeResult) => {
      socket.destroy();
      resolve(result);
    };
    const address = hostPort(host, port);
    socket.once('connect', () => finish({ result: 'success', output: '' }));
    socket.once('timeout', () => finish({ result: 'failure', output: `dial tcp ${address}: i/o timeout` }));
    socket.once('error', (error) => finish({ result: 'failure', output: dialError(error, address) }));
  });
}
