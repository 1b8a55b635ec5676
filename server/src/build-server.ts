/** The composition root: every `new` of the server is here; used by main.ts and by tests. */
import { randomInt, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Server } from 'node:https';
import type { Clock } from '@naru/api/clock';
import type { Client } from '@naru/api/client/client';
import { ipFamily } from '@naru/api/ip-addresses';
import { OpenApi } from '@naru/api/openapi/open-api';
import { ownUsage, processMetrics } from '@naru/api/metrics/process-metrics';
import { encodeProtobuf, hasProtobuf, type Encodable } from '@naru/api/protobuf/encode-body';
import type { Logger } from 'pino';
import { Admission } from './admission/admission.ts';
import { alertAcknowledgement } from './admission/plugins/alert-acknowledgement.ts';
import { certificateRequests } from './admission/plugins/certificate-requests.ts';
import { claimResize } from './admission/plugins/claim-resize.ts';
import { defaultIngressClass } from './admission/plugins/default-ingress-class.ts';
import { defaultStorageClass } from './admission/plugins/default-storage-class.ts';
import { defaultTolerationSeconds } from './admission/plugins/default-toleration-seconds.ts';
import { limitRanger } from './admission/plugins/limit-ranger.ts';
import { namespaceLifecycle } from './admission/plugins/namespace-lifecycle.ts';
import { notActedOn } from './admission/plugins/not-acted-on.ts';
import { podResizeCapacity } from './admission/plugins/pod-resize-capacity.ts';
import { priority } from './admission/plugins/priority.ts';
import { resourceQuota } from './admission/plugins/resource-quota.ts';
import { roleEscalation } from './admission/plugins/role-escalation.ts';
import { runtimeClass } from './admission/plugins/runtime-class.ts';
import { serviceAccount } from './admission/plugins/service-account.ts';
import { storageProtection } from './admission/plugins/storage-protection.ts';
import { taintNodes } from './admission/plugins/taint-nodes.ts';
import { podSecurity } from './admission/pod-security/pod-security.ts';
import { cacheReader } from './admission/reader.ts';
import { makeAuthenticate } from './authn/authenticate.ts';
import { serviceAccountToken } from './authn/bearer-token.ts';
import { clientCertificate } from './authn/client-certificate.ts';
import { SecretTokens } from './authn/secret-tokens.ts';
import { ServiceAccountTokens } from './authn/service-account-tokens.ts';
import { firstOpinion } from './authz/authorize.ts';
import { nodeAuthorizer } from './authz/node/node-authorizer.ts';
import { PodsOnNodes } from './authz/node/pods-on-nodes.ts';
import { Bindings } from './authz/rbac/bindings.ts';
import { Rbac, listedRules } from './authz/rbac/rbac.ts';
import { systemMasters } from './authz/system-masters.ts';
import { bootstrap } from './bootstrap.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';
import { InProcessClient } from './client/in-process-client.ts';
import type { Config, Credentials } from './config.ts';
import { Flusher } from './http/chunk-frames.ts';
import { Drain } from './http/drain.ts';
import { handleRequest, handleUpgrade } from './http/handle-request.ts';
import { createListener, openConnections } from './http/listener.ts';
import { Negotiator } from './http/negotiate.ts';
import { askKubelet } from './http/proxy/ask-kubelet.ts';
import { Kubelets } from './http/proxy/kubelets.ts';
import { Metrics } from './http/pages/metrics.ts';
import { makePages } from './http/pages/pages.ts';
import { serverMetrics } from './http/pages/server-metrics.ts';
import { gitVersion } from './http/pages/version.ts';
import { RequestMeter } from './http/request-meter.ts';
import { Seats } from './http/seats.ts';
import type { HttpServer } from './http/server.ts';
import { catalog } from './kinds/catalog.ts';
import { resourceQuota as resourceQuotaKind } from './kinds/core/resource-quota.ts';
import { History } from './metrics/history/history.ts';
import { Measured } from './metrics/measured.ts';
import type { Store } from './store/store.ts';
import type { Api } from './verbs/api.ts';
import { ServiceAllocator } from './verbs/allocation/allocate-service.ts';
import { TakenByServices } from './verbs/allocation/taken-by-services.ts';
import { indexOf } from './verbs/select.ts';
import { WatchCache } from './watch/watch-cache.ts';

/** As which the server itself writes. */
const fieldManager = 'kube-apiserver';

/** Upstream's usual issuer: who checks a token knows it without asking. */
const issuer = 'https://kubernetes.default.svc.cluster.local';

export interface ServerParts {
  readonly config: Config;
  readonly credentials: Credentials;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly naruVersion: string;
}

export interface BuiltServer {
  readonly api: Api;
  readonly http: HttpServer;
  readonly listener: Server;
  readonly secretTokens: SecretTokens;
  /** Asks the nodes what they use, once it is started. */
  readonly measured: Measured;
  /** What /metrics tells. */
  readonly metrics: Metrics;
  /** A client for a component of ours, under its own name. */
  clientFor(userName: string): Client;
  /** Ends watches, waits for answers under way, and closes the store. */
  stop(): Promise<void>;
}

export async function buildServer(parts: ServerParts): Promise<BuiltServer> {
  const { config, credentials, store, clock, log, naruVersion } = parts;
  const cache = new WatchCache({ clock });
  for (const kind of catalog.kinds)
    if (!kind.virtual && !kind.computed) cache.resource(kind.storagePrefix, indexOf(kind));
  await cache.start(store);
  const reader = cacheReader(cache);
  const bindings = new Bindings(cache);
  const podsOnNodes = new PodsOnNodes(cache);
  const rbac = new Rbac({ bindings, reader });
  const authorizer = firstOpinion([systemMasters, nodeAuthorizer({ pods: podsOnNodes, reader }), rbac.authorize]);
  const below = (limit: number) => randomInt(limit);
  const secretTokens = new SecretTokens({ ...credentials.serviceAccount, reader });
  const tokens = new ServiceAccountTokens({ issuer, ...credentials.serviceAccount, clock, reader, uuid: randomUUID });
  const taken = new TakenByServices(cache);
  const services = new ServiceAllocator({
    ranges: { clusterIpRange: config.serviceClusterIpRange, nodePorts: config.serviceNodePortRange },
    taken,
    below,
  });
  const kubelets = new Kubelets({ ...credentials.kubeletClient, ca: credentials.tls.ca });
  const history =
    config.store === 'journal'
      ? new History({
          file: path.join(config.dataDir, 'metrics', 'usage'),
          clock,
          onError: (error) => log.warn({ err: error }, 'the history of usage could not be kept'),
        })
      : undefined;
  const measured = new Measured({
    ...{ cache, clock, history },
    ask: (nodeName, signal) => askKubelet({ nodeName, path: '/stats/summary', signal }, kubelets, api),
    onError: (node, error) => log.warn({ node, err: error }, 'a node could not be measured'),
  });
  const api: Api = {
    computed: measured,
    authorizer,
    rulesFor: (user, namespace) => listedRules(rbac.heldBy(user, namespace)),
    services,
    tokens,
    store,
    cache,
    catalog,
    clock,
    admission: new Admission([
      namespaceLifecycle({ reader }),
      limitRanger({ reader }),
      serviceAccount({ reader, below }),
      taintNodes(),
      priority({ reader }),
      defaultTolerationSeconds(),
      defaultStorageClass({ reader }),
      defaultIngressClass({ reader }),
      storageProtection(),
      claimResize({ reader }),
      alertAcknowledgement(),
      podResizeCapacity({ reader }),
      runtimeClass({ reader }),
      roleEscalation({ rbac, authorizer }),
      certificateRequests({ authorizer }),
      podSecurity({ reader }),
      notActedOn({ reader }),
      resourceQuota({ reader, clock, updateStatus: (quota) => quotas().updateStatus(quota, { fieldManager }) }),
    ]),
    random: { uuid: randomUUID, below },
  };
  const quotas = () => new InProcessClient({ api, userName: 'system:apiserver' }).for(resourceQuotaKind);
  const ok = (name: string) => ({ name, check: () => {} });
  const meter = new RequestMeter({
    isKnown: ({ group, version, resource }) => !!api.catalog.byResource({ group, version, plural: resource }),
    elapsed: () => performance.now(),
  });
  const http: HttpServer = {
    api,
    authenticate: makeAuthenticate([
      clientCertificate(),
      serviceAccountToken(tokens, clock),
      serviceAccountToken(secretTokens, clock),
    ]),
    impersonators: new Set(),
    negotiator: new Negotiator(),
    toProtobuf: (value) => (hasProtobuf(value as Encodable) ? encodeProtobuf(value as Encodable) : undefined),
    kubelets,
    log,
    meter,
    servePage: (exchange) => pages(exchange, http),
    drain: new Drain(),
    seats: new Seats(),
    flusher: new Flusher(() => performance.now()),
  };
  const open = { name: 'shutdown', check: () => http.drain.assertOpen() };
  const common = [ok('ping'), ok('log'), ok('etcd')];
  const startedAt = clock.now();
  const metrics = new Metrics(
    () => meter.metrics(),
    () => serverMetrics(http, gitVersion(naruVersion)),
    () => processMetrics(ownUsage(startedAt)),
  );
  const openApi = new OpenApi({ resources: () => api.catalog.kinds, version: 'v1.36.3' });
  const pages = makePages({
    openApi,
    tokens,
    origin: `https://${config.advertiseAddress}:${config.port}`,
    metrics: metrics.page,
    version: { naruVersion, buildDate: '1970-01-01T00:00:00Z' },
    health: {
      healthz: common,
      livez: common,
      readyz: [...common, ok('etcd-readiness'), ok('informer-sync'), open],
    },
  });
  const family = ipFamily(config.advertiseAddress) ?? 'IPv4';
  await bootstrap(api, { address: config.advertiseAddress, port: config.port, family });
  await bootstrapPolicy(api);
  const listener = createListener({
    tls: credentials.tls,
    handle: (request, response) => handleRequest(request, response, http),
    upgrade: (request, socket, head) => handleUpgrade(request, socket, head, http),
  });
  const connections = openConnections(listener);
  return {
    api,
    http,
    listener,
    secretTokens,
    measured,
    metrics,
    clientFor: (userName) => new InProcessClient({ api, userName }),
    async stop() {
      await http.drain.run(listener, connections, clock);
      await measured.stop();
      taken.stop();
      bindings.stop();
      podsOnNodes.stop();
      cache.stop();
      await store.close();
    },
  };
}
