/** Puts a node's network together: the table, services, policies, names, routes, and the pods' places in it. */
import { networkInterfaces } from 'node:os';
import type { Client, ResourceRef } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import type { EndpointSlice, NetworkPolicy, Node, Pod, Service } from './api-objects.ts';
import * as resources from './api-objects.ts';
import { uplinkMtu } from './attach-pod.ts';
import { informedNames } from './dns/cluster-names.ts';
import { forwarder } from './dns/forward.ts';
import { readHostResolvers } from './dns/host-resolvers.ts';
import { responder } from './dns/respond.ts';
import { dnsServer } from './dns/server.ts';
import { openFirewall } from './docker-user.ts';
import { dnsPod, EnforcedPolicies } from './enforce-policies.ts';
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
  const { run = runCommand, clusterDomain = 'cluster.local', closedPorts = neverForPods } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const running: Promise<void>[] = [];
  const informer = <T extends KubeObject>(resource: ResourceRef) =>
    new Informer<T>({
      ...{ client: options.client, resource, clock },
      onError: (error) => log.warn({ error, resource: resource.plural }, 'watch ended'),
    });
  const follow = (...informers: { run(signal: AbortSignal): Promise<void> }[]) =>
    running.push(...informers.map((one) => one.run(signal)));
  const services = informer<Service>(resources.services);
  const slices = informer<EndpointSlice>(resources.endpointSlices);
  const nodes = informer<Node>(resources.nodes);

  const table = new NftTable({
    ...{ table: nftTable(clusterId), run, clock },
    onError: (error) => log.error({ error }, 'network rules refused by the kernel'),
  });
  table.put('node', baseFragment({ ...options, closedPorts }));
  table.put('nodes', nodesFragment([], { podCidr, nodeIp }));
  const host = await keepHost({ ...options, run, table });

  const portTaken = (port: number, error: Error) => log.warn({ port, error }, 'port of this node cannot be served');
  const localPorts = new LocalNodePorts({ clock, onError: portTaken });
  const healthChecks = new HealthCheckPorts({ onError: portTaken });
  const served = new ServedServices({
    ...{ services, slices, table, clock, run },
    place: { nodeName, zone: '' },
    onServed(key, service, rules) {
      localPorts.put(`service/${key}`, localNodePorts(rules));
      healthChecks.put(key, rules ? (service?.spec?.healthCheckNodePort ?? 0) : 0, rules?.localEndpoints ?? 0);
    },
  });
  const policies = enforcedPolicies(options, { run, table, informer, follow });
  const nodesChanged = nodeFollower({ ...options, run, table, nodes, served });

  const hostResolvers = () => readHostResolvers(clusterDns);
  const names = clusterDns
    ? dnsServer({
        ...{ address: clusterDns, clock },
        respond: responder({
          zone: { domain: clusterDomain, clusterDns, now: () => Math.floor(clock.now() / 1000) },
          names: informedNames(services, slices),
          forwarder: forwarder({ servers: () => hostResolvers().forwardTo, clock }),
        }),
        onError: (error) => log.error({ error, address: clusterDns }, 'names of the cluster cannot be answered'),
      })
    : undefined;

  // What stands in the kernel is cleared of what nobody wants only when everything that may be wanted is known.
  const adopted = Promise.withResolvers<void>();
  const known = [services.synced, slices.synced, nodes.synced, policies.synced(), adopted.promise];
  void Promise.all(known).then(() => {
    if (signal.aborted) return;
    nodes.listen({ add: nodesChanged, update: nodesChanged, delete: nodesChanged });
    nodesChanged();
    served.start();
    policies.start();
    table.takeOver();
  });
  follow(services, slices, nodes);

  return new KernelPodNetwork({
    ...{
      clusterId,
      podCidr,
      clusterDns,
      clusterDomain,
      table,
      localPorts,
      run,
      hostResolvers,
      policies,
      services: served,
    },
    mtu: host.mtu,
    onAdopted: () => adopted.resolve(),
    async stop() {
      ending.abort();
      host.stop();
      names?.close();
      localPorts.close();
      healthChecks.close();
      table.close();
      await Promise.all(running);
    },
  });
}

/** Sets the host up, and again whenever somebody else undid it. */
async function keepHost(
  options: NetworkOptions & { run: RunCommand; table: NftTable },
): Promise<{ mtu(): number; stop(): void }> {
  const { run, table, clock, log, clusterId, clusterDns, openPorts = [] } = options;
  await setUpNode(run, options);
  await table.applied();
  let mtu = await uplinkMtu(run);
  const inspect = async () => {
    try {
      await setUpNode(run, options);
      mtu = await uplinkMtu(run);
      await openFirewall(run, { clusterId, clusterDns, openPorts });
      await table.verify();
    } catch (error) {
      log.warn({ error }, 'network could not be inspected');
    }
  };
  await inspect();
  return { mtu: () => mtu, stop: every(clock, inspection, inspect) };
}

type Follow = (...informers: { run(signal: AbortSignal): Promise<void> }[]) => void;

function enforcedPolicies(
  { clock, log, clusterDns }: NetworkOptions,
  parts: {
    run: RunCommand;
    table: NftTable;
    informer: <T extends KubeObject>(resource: ResourceRef) => Informer<T>;
    follow: Follow;
  },
): EnforcedPolicies {
  const { run, table, informer, follow } = parts;
  const policies = informer<NetworkPolicy>(resources.networkPolicies);
  const pods = informer<Pod>(resources.pods);
  const namespaces = informer<KubeObject>(resources.namespaces);
  const enforced = new EnforcedPolicies({
    ...{ policies, pods, namespaces, table, clock, run },
    runPeers: () => follow(pods, namespaces),
    dns: clusterDns ? dnsPod(clusterDns) : undefined,
    ownAddresses: () =>
      new Set(Object.values(networkInterfaces()).flatMap((all = []) => all.map((one) => one.address))),
    onError: (error) => log.warn({ error }, 'connections that policies forbid could not be ended'),
  });
  follow(policies);
  return enforced;
}

/** What is to be done when a node came, went or changed. */
function nodeFollower(
  options: NetworkOptions & { run: RunCommand; table: NftTable; nodes: Informer<Node>; served: ServedServices },
): () => void {
  const { run, table, nodes, served, log, nodeName, nodeIp, podCidr } = options;
  const routes = routesToNodes(run);
  return coalesced(async () => {
    const known = nodes.list();
    table.put('nodes', nodesFragment(known, { podCidr, nodeIp }));
    served.setPlace({ nodeName, zone: nodes.get(nodeName)?.metadata.labels?.[zoneLabel] ?? '' });
    try {
      const { refused } = await routes.set(wantedRoutes(known, { nodeName, podCidr }));
      for (const route of refused) log.warn(route, 'no route to the pods of another node');
    } catch (error) {
      log.warn({ error }, 'routes to other nodes could not be read');
    }
  });
}

const localNodePorts = (rules: ServiceRules | undefined) =>
  (rules?.ports ?? [])
    .filter(({ nodePort }) => nodePort > 0)
    .map(({ protocol, nodePort, endpoints }) => ({ protocol, port: nodePort, targets: endpoints }));

/** Calls of one turn become one; calls during a run become one more run. `work` never rejects. */
function coalesced(work: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async () => {
    isRunning = true;
    await Promise.resolve();
    while (isWanted) {
      isWanted = false;
      await work();
    }
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}

/** Does `work`, which never rejects, again and again; the returned function ends it. */
function every(clock: Clock, milliseconds: number, work: () => Promise<void>): () => void {
  let cancel = () => {};
  let isStopped = false;
  const next = () => {
    if (!isStopped) cancel = clock.after(milliseconds, () => void work().then(next));
  };
  next();
  return () => {
    isStopped = true;
    cancel();
  };
}
