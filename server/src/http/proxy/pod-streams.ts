/** pods/exec, attach and portforward: a stream to a container, through the kubelet of its node. */
// Like pkg/registry/core/pod streamLocation and PortForwardLocation.
import { badRequest } from '@naru/api/status';
import type { Target } from '../../verbs/api.ts';
import type { Exchange } from '../exchange.ts';
import { isTrue } from '../request-info.ts';
import type { HttpServer } from '../server.ts';
import { containerOf, nodeOf, podOf, type Pod } from './pod-container.ts';
import { tunnel } from './tunnel.ts';

export async function servePodStream(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const pod = podOf(target, server.api);
  const path =
    target.subresource === 'portforward'
      ? portForwardPath(target, exchange.query)
      : containerPath(pod, target, exchange.query);
  const nodeName = nodeOf(pod);
  if (!exchange.upgrade) throw badRequest('Upgrade request required');
  const options = server.kubelets.requestOptions(nodeName, server.api);
  await tunnel(exchange, { ...options, scheme: 'https', path }, server.drain);
}

/** The kubelet has its own names for what a client asks. */
const streams = [
  ['stdin', 'input'],
  ['stdout', 'output'],
  ['stderr', 'error'],
  ['tty', 'tty'],
] as const;

function containerPath(pod: Pod, { namespace, name, subresource }: Target, query: URLSearchParams): string {
  const container = containerOf(pod, query.get('container') ?? '');
  const asked = new URLSearchParams();
  for (const [ours, theirs] of streams) if (isTrue(query.get(ours))) asked.set(theirs, '1');
  if (subresource === 'exec') for (const command of query.getAll('command')) asked.append('command', command);
  return `/${subresource}/${namespace}/${name}/${container}?${asked}`;
}

function portForwardPath({ namespace, name }: Target, query: URLSearchParams): string {
  const ports = query.getAll('ports');
  const asked = new URLSearchParams(ports.length ? { port: ports.join(',') } : {});
  return `/portForward/${namespace}/${name}${asked.size ? `?${asked}` : ''}`;
}
