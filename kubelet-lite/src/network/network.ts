/** Puts a node's network together: the table, services, names, routes, and the pods' places in it. */
import type { Client } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import type { EndpointSlice, Node, Service } from './api-objects.ts';
import { endpointSlices, nodes, services } from './api-objects.ts';
import { uplinkMtu } from './attach-pod.ts';
import { informedNames } from './dns/cluster-names.ts';
import { forwarder } from './dns/forward.ts';
import { readHostResolvers } from './dns/host-resolvers.ts';
import { responder } from './dns/respond.ts';
import { dnsServer } from './dns/server.ts';
import { openFirewall } from './docker-user.ts';
import { HealthCheckPorts } from './health-check-ports.ts';
import { KernelPodNetwork } from './kernel-pod-network.ts';
import { LocalNodePorts } from './local-node-ports.ts';
import { nftTable } from './names.ts';
import { NftTable } from './nftables/apply.ts';
import { baseFragment } from './nftables/base.ts';
import { nodesFragment } from './nftables/pods.ts';
import type { ServiceRules } from './nftables/services.ts';
import { setUpNode } from './node-interface.ts';
import type { PodNetwork } from './pod-network.ts';
import { routesToNodes, wantedRoutes } from './routes.ts';
import type { RunCommand } from './run-command.ts';
import { runCommand } from './run-command.ts';
import { ServedServices } from './serve-services.ts';

/** As pino's loggers. */
export interface NetworkLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface NetworkOptions {
  client: Client;
  clock: Clock;
  log: NetworkLog;
  signal: AbortSignal;
  /** Eight hexadecimal digits. */
  clusterId: string;
  nodeName: string;
  /** The node's InternalIP. */
  nodeIp: string;
  podCidr: string;
  serviceCidr: string;
  /** Empty: the agent answers no names. */
  clusterDns: string;
  clusterDomain?: string;
  /** TCP ports on nodes that pods may never reach: the agent's, the engine's, etcd's. */
  closedPorts?: readonly number[];
  /** TCP ports of this node that pods must reach through its own firewall: the API server's, when it runs here. */
  openPorts?: readonly number[];
  run?: RunCommand;
}

/** kubelet; Docker without and with TLS; etcd's clients and peers. */
const neverForPods = [10250, 2375, 2376, 2379, 2380];
/** How often it is looked after whether somebody else removed what is ours. */
const inspection = 30_000;

const zoneLabel = 'topology.kubernetes.io/zone';

/**
 * Resolves when pods can be adopted and attached; services and names follow as the API server tells of them. Until
 * then, and after `signal` aborts, what an earlier agent left in the kernel goes on. Throws CommandError when the host
 * lacks a tool or the right to use it.
 */
export async function startNetwork(options: NetworkOptions): Promise<PodNetwork> {
  const { clock, log, clusterId, nodeName, nodeIp, podCidr, clusterDns } = options;
  const { run = runCommand, clusterDomain = 'cluster.local', closedPorts = neverForPods, openPorts = [] } = options;
  const own = { podCidr, nodeIp };
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);

  const table = new NftTable({
    table: nftTable(clusterId),
    run,
    clock,
    onError: (error) => log.error({ error }, 'network rules refused by the kernel'),
  });
  table.put('node', baseFragment({ ...options, closedPorts }));
  table.put('nodes', nodesFragment([], own));

  await setUpNode(run, options);
  await table.applied();
  let mtu = await uplinkMtu(run);
  const inspect = async () => {
    await setUpNode(run, options);
    mtu = await uplinkMtu(run);
    await openFirewall(run, { clusterId, clusterDns, openPorts });
    await table.verify();
  };
  const inspected = () => inspect().catch((error: unknown) => log.warn({ error }, 'network could not be inspected'));
  await inspected();

  const portTaken = (port: number, error: Error) => log.warn({ port, error }, 'port of this node cannot be served');
  const localPorts = new LocalNodePorts({ clock, onError: portTaken });
  const healthChecks = new HealthCheckPorts({ onError: portTaken });

  const informer = <T extends KubeObject>(resource: Parameters<Client['for']>[0]) =>
    new Informer<T>({
      client: options.client,
      resource,
      clock,
      onError: (error) => log.warn({ error, resource: resource.plural }, 'watch ended'),
    });
  const serviceInformer = informer<Service>(services);
  const sliceInformer = informer<EndpointSlice>(endpointSlices);
  const nodeInformer = informer<Node>(nodes);

  const served = new ServedServices({
    services: serviceInformer,
    slices: sliceInformer,
    table,
    clock,
    run,
    place: { nodeName, zone: '' },
    onServed(key, service, rules) {
      localPorts.put(`service/${key}`, localNodePorts(rules));
      healthChecks.put(key, rules ? (service?.spec?.healthCheckNodePort ?? 0) : 0, rules?.localEndpoints ?? 0);
    },
  });
  const routes = routesToNodes(run);
  const nodesChanged = coalesced(async () => {
    const known = nodeInformer.list();
    table.put('nodes', nodesFragment(known, own));
    served.setPlace({ nodeName, zone: nodeInformer.get(nodeName)?.metadata.labels?.[zoneLabel] ?? '' });
    try {
      const { refused } = await routes.set(wantedRoutes(known, { nodeName, podCidr }));
      for (const route of refused) log.warn(route, 'no route to the pods of another node');
    } catch (error) {
      log.warn({ error }, 'routes to other nodes could not be read');
    }
  });

  const hostResolvers = () => readHostResolvers(clusterDns);
  const names = clusterDns
    ? dnsServer({
        ...{ address: clusterDns, clock },
        respond: responder({
          zone: { domain: clusterDomain, clusterDns, now: () => Math.floor(clock.now() / 1000) },
          names: informedNames(serviceInformer, sliceInformer),
          forwarder: forwarder({ servers: () => hostResolvers().forwardTo, clock }),
        }),
        onError: (error) => log.error({ error, address: clusterDns }, 'names of the cluster cannot be answered'),
      })
    : undefined;

  const running = [serviceInformer, sliceInformer, nodeInformer].map((one) => one.run(signal));
  void Promise.all([serviceInformer.synced, sliceInformer.synced, nodeInformer.synced]).then(() => {
    if (signal.aborted) return;
    nodeInformer.listen({ add: nodesChanged, update: nodesChanged, delete: nodesChanged });
    nodesChanged();
    served.start();
    table.takeOver();
  });
  const stopInspecting = every(clock, inspection, inspected);

  return new KernelPodNetwork({
    clusterId,
    podCidr,
    clusterDns,
    clusterDomain,
    table,
    localPorts,
    run,
    mtu: () => mtu,
    hostResolvers,
    guard: () => Promise.resolve(),
    unguard: () => {},
    async stop() {
      ending.abort();
      stopInspecting();
      names?.close();
      localPorts.close();
      healthChecks.close();
      table.close();
      await Promise.all(running);
    },
  });
}

const localNodePorts = (rules: ServiceRules | undefined) =>
  (rules?.ports ?? [])
    .filter(({ nodePort }) => nodePort > 0)
    .map(({ protocol, nodePort, endpoints }) => ({ protocol, port: nodePort, targets: endpoints }));

/** Calls of one turn become one; a call during a run becomes one more run. */
function coalesced(work: () => Promise<void>): () => void {
  let state: 'idle' | 'running' | 'again' = 'idle';
  const start = async () => {
    state = 'running';
    await Promise.resolve();
    await work();
    const again = (state as string) === 'again';
    state = 'idle';
    if (again) void start();
  };
  return () => {
    if (state === 'idle') void start();
    else state = 'again';
  };
}

function every(clock: Clock, milliseconds: number, work: () => Promise<void>): () => void {
  let cancel = () => {};
  let stopped = false;
  const next = () => {
    cancel = clock.after(milliseconds, () => void work().then(() => void (stopped || next())));
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}
