/** Carries out a probe's or a hook's action against a container. */
import type { ContainerDefinition, Handler } from '../pods/container-definition.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import { probeExec } from './exec-probe.ts';
import { probeGrpc } from './grpc-probe.ts';
import { probeHttp } from './http-probe.ts';
import type { ProbeResult } from './probe-result.ts';
import { probeTcp } from './tcp-probe.ts';

export interface ProbeTarget {
  podIp: string;
  container: ContainerDefinition;
  containerId: string;
}

export interface Prober {
  probe(handler: Handler, target: ProbeTarget, timeoutSeconds: number): Promise<ProbeResult>;
}

/** Where nothing really runs, everything is well. */
export const contentProber: Prober = { probe: () => Promise.resolve({ result: 'success', output: '' }) };

export function prober(runtime: Pick<ContainerRuntime, 'exec'>): Prober {
  return {
    async probe(handler, { podIp, container, containerId }, timeoutSeconds) {
      const { exec, httpGet, tcpSocket, grpc } = handler;
      try {
        if (exec) return await probeExec(runtime, containerId, exec.command ?? [], timeoutSeconds);
        if (httpGet) {
          return await probeHttp({
            scheme: httpGet.scheme ?? 'HTTP',
            host: httpGet.host || podIp,
            port: resolvePort(httpGet.port, container),
            path: httpGet.path || '/',
            headers: httpGet.httpHeaders ?? [],
            timeoutSeconds,
          });
        }
        if (tcpSocket) {
          const port = resolvePort(tcpSocket.port, container);
          return await probeTcp(tcpSocket.host || podIp, port, timeoutSeconds);
        }
        if (grpc) return await probeGrpc(podIp, grpc.port, grpc.service ?? '', timeoutSeconds);
      } catch (error) {
        return { result: 'unknown', output: (error as Error).message };
      }
      return { result: 'unknown', output: `missing probe handler for ${container.name}` };
    },
  };
}

/** A number, or the name of one of the container's ports. Throws in upstream's words. */
export function resolvePort(port: number | string, { ports = [] }: ContainerDefinition): number {
  if (typeof port === 'number') return valid(port);
  const named = ports.find(({ name }) => name === port);
  if (named) return valid(named.containerPort);
  if (!/^\d{1,5}$/.test(port)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  return valid(Number(port));
}

function valid(port: number): number {
  if (port > 0 && port < 65536) return port;
  throw new Error(`invalid port number: ${port}`);
}
