import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '@naru/api/object';
import type { Peer } from './testing/peer.ts';
import { startPeer, whyNoNamespaces } from './testing/peer.ts';

const reason = whyNoNamespaces();
const name = reason ? `the network of a node (skipped: ${reason})` : 'the network of a node';

const nodeIp = '192.0.2.2';
const outsideIp = '192.0.2.1';
const options = {
  clusterId: 'abcd1234',
  nodeName: 'node-1',
  nodeIp,
  podCidr: '10.244.0.0/24',
  serviceCidr: '10.96.0.0/16',
  clusterDns: '10.96.0.10',
  openPorts: [6443],
};

const service = (name: string, clusterIP: string, spec: object = {}): KubeObject & { spec: object } => ({
  metadata: { name, namespace: 'default' },
  spec: { clusterIP, clusterIPs: [clusterIP], type: 'ClusterIP', ports: [{ port: 80 }], ...spec },
});

const slice = (
  service: string,
  endpoints: object[],
  ports: object[] = [{ name: '', protocol: 'TCP', port: 8080 }],
) => ({
  metadata: { name: `${service}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
  addressType: 'IPv4',
  endpoints,
  ports,
});

const endpoint = (address: string, rest: object = {}) => ({
  addresses: [address],
  conditions: { ready: true, serving: true, terminating: false },
  nodeName: 'node-1',
  ...rest,
});

/** Asks until `wanted` is answered; the last answer when it never is. */
async function eventually(peer: Peer, target: object, wanted: string): Promise<string> {
  const end = performance.now() + 5000;
  for (;;) {
    const answer = await peer.call('ask', { timeout: 250, ...target });
    if (answer === wanted || performance.now() > end) return answer;
  }
}

(reason ? describe.skip : describe)(name, () => {
  const peers: Peer[] = [];
  let node: Peer;
  let outside: Peer;
  let a: Peer;
  let b: Peer;
  const ips: string[] = [];

  const sh = async (peer: Peer, ...lines: string[]) => {
    for (const line of lines) await peer.call('run', line.split(' '));
  };
  const put = (plural: string, object: object) => node.call('put', { plural, object });
  const pod = (uid: string, peer: Peer, rest: object = {}) => ({
    ...{ uid, name: uid, namespace: 'default', pid: peer.pid, labels: {}, hostPorts: [], ...rest },
  });

  beforeAll(async () => {
    peers.push(...(await Promise.all([startPeer(), startPeer(), startPeer(), startPeer()])));
    [node, outside, a, b] = peers as [Peer, Peer, Peer, Peer];
    await sh(
      node,
      `ip link add up0 mtu 1400 type veth peer name eth0 mtu 1400 netns ${outside.pid}`,
      `ip address add ${nodeIp}/24 dev up0`,
      'ip link set up0 up',
      `ip route add default via ${outsideIp}`,
      // As Docker leaves a host.
      'iptables -N DOCKER-USER',
      'iptables -A DOCKER-USER -j RETURN',
      'iptables -A FORWARD -j DOCKER-USER',
      'iptables -P FORWARD DROP',
      'iptables -P INPUT DROP',
      'iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      'iptables -A INPUT -i lo -j ACCEPT',
    );
    await sh(outside, `ip address add ${outsideIp}/24 dev eth0`, 'ip link set eth0 up');
    await node.call('start', options);
    await node.call('adopt', []);
    const attached = await Promise.all([
      node.call<{ ip: string }>('attach', pod('a', a)),
      node.call<{ ip: string }>(
        'attach',
        pod('b', b, { hostPorts: [{ hostIP: '', hostPort: 9090, containerPort: 8080, protocol: 'TCP' }] }),
      ),
    ]);
    ips.push(...attached.map(({ ip }) => ip));
    await Promise.all([
      a.call('listen', { name: 'a', port: 8080 }),
      b.call('listen', { name: 'b', port: 8080 }),
      a.call('listen', { name: 'a', port: 5353, protocol: 'udp' }),
      b.call('listen', { name: 'b', port: 5353, protocol: 'udp' }),
      outside.call('listen', { name: 'outside', port: 8080 }),
      node.call('listen', { name: 'api', port: 6443 }),
      node.call('listen', { name: 'agent', port: 10250 }),
    ]);
  });

  afterAll(async () => {
    await node.call('stop');
    const log = await node.call<{ error?: string }[]>('log');
    await Promise.all(peers.map((peer) => peer.end()));
    // The one that a test brings about by removing the table.
    expect(log.filter(({ error }) => !error?.includes('No such file or directory'))).toEqual([]);
  });

  test('pod to pod keeps the address of the pod, with FORWARD at DROP', async () => {
    expect(await a.call('ask', { host: ips[1], port: 8080 })).toBe(`b ${ips[0]}`);
  });

  test('the node reaches its pods, and pods the outside with the address of the node', async () => {
    expect(await node.call('ask', { host: ips[0], port: 8080 })).toBe(`a ${nodeIp}`);
    expect(await a.call('ask', { host: outsideIp, port: 8080 })).toBe(`outside ${nodeIp}`);
  });

  test('pods have the MTU of the uplink', async () => {
    expect(await a.call('run', ['ip', '-o', 'link', 'show', 'eth0'])).toContain('mtu 1400');
  });

  test('a pod reaches the API server through a closed INPUT, but no agent, whatever address it takes', async () => {
    expect(await a.call('ask', { host: nodeIp, port: 6443 })).toBe(`api ${ips[0]}`);
    expect(await a.call('ask', { host: nodeIp, port: 10250 })).toBe('ECONNREFUSED');
    expect(await a.call('ask', { host: '169.254.169.254', port: 80 })).toBe('ECONNREFUSED');
  });

  test('a pod cannot take another address', async () => {
    await sh(a, 'ip address add 10.244.0.77/32 dev eth0');
    expect(await a.call('ask', { host: ips[1], port: 8080, source: '10.244.0.77' })).toBe('timeout');
    await sh(a, 'ip address del 10.244.0.77/32 dev eth0');
  });

  test('an address that no pod has is refused at once', async () => {
    expect(await a.call('ask', { host: '10.244.0.200', port: 80 })).toBe('EHOSTUNREACH');
  });

  test('ClusterIP: from a pod, from the node, and from the endpoint to itself', async () => {
    await put('services', service('web', '10.96.1.1'));
    await put('endpointslices', slice('web', [endpoint(ips[1]!)]));
    const target = { host: '10.96.1.1', port: 80 };
    expect(await eventually(a, target, `b ${ips[0]}`)).toBe(`b ${ips[0]}`);
    expect(await node.call('ask', target)).toBe(`b ${nodeIp}`);
    expect(await b.call('ask', target)).toBe(`b ${nodeIp}`);
  });

  test('a service without endpoints refuses, an unknown address is silent', async () => {
    await put('services', service('empty', '10.96.1.2', { type: 'NodePort', ports: [{ port: 80, nodePort: 30002 }] }));
    await put('endpointslices', { ...slice('empty', []), endpoints: null, ports: null });
    expect(await eventually(a, { host: '10.96.1.2', port: 80 }, 'ECONNREFUSED')).toBe('ECONNREFUSED');
    expect(await node.call('ask', { host: '10.96.1.2', port: 80 })).toBe('ECONNREFUSED');
    expect(await outside.call('ask', { host: nodeIp, port: 30002 })).toBe('ECONNREFUSED');
    expect(await a.call('ask', { host: '10.96.1.1', port: 81 })).toBe('ECONNREFUSED');
    expect(await a.call('ask', { host: '10.96.200.1', port: 80 })).toBe('timeout');
  });

  test('NodePort from outside, from a pod, from the node and on 127.0.0.1', async () => {
    await put('services', service('web', '10.96.1.1', { type: 'NodePort', ports: [{ port: 80, nodePort: 30001 }] }));
    const target = { host: nodeIp, port: 30001 };
    expect(await eventually(outside, target, `b ${nodeIp}`)).toBe(`b ${nodeIp}`);
    expect(await a.call('ask', target)).toBe(`b ${nodeIp}`);
    expect(await node.call('ask', target)).toBe(`b ${nodeIp}`);
    expect(await eventually(node, { host: '127.0.0.1', port: 30001 }, `b ${nodeIp}`)).toBe(`b ${nodeIp}`);
    expect(await node.call('run', ['cat', '/proc/sys/net/ipv4/conf/all/route_localnet'])).toBe('0\n');
  });

  test('externalTrafficPolicy Local keeps the address of the client, and is silent without endpoints here', async () => {
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Local' };
    await put('services', service('kept', '10.96.1.3', { ...spec, ports: [{ port: 80, nodePort: 30003 }] }));
    await put('endpointslices', slice('kept', [endpoint(ips[0]!)]));
    const target = { host: nodeIp, port: 30003 };
    expect(await eventually(outside, target, `a ${outsideIp}`)).toBe(`a ${outsideIp}`);
    await put('endpointslices', slice('kept', [endpoint(ips[0]!, { nodeName: 'node-2' })]));
    expect(await eventually(outside, target, 'timeout')).toBe('timeout');
    expect(await node.call('ask', target)).toBe(`a ${nodeIp}`);
  });

  test('external addresses of a load balancer, for the sources it names', async () => {
    await put('services', {
      ...service('balanced', '10.96.1.4', {
        type: 'LoadBalancer',
        loadBalancerSourceRanges: [`${outsideIp}/32`],
        ports: [{ port: 8081 }],
      }),
      status: { loadBalancer: { ingress: [{ ip: nodeIp }] } },
    });
    await put('endpointslices', slice('balanced', [endpoint(ips[0]!)]));
    const target = { host: nodeIp, port: 8081 };
    expect(await eventually(outside, target, `a ${nodeIp}`)).toBe(`a ${nodeIp}`);
    expect(await b.call('ask', target)).toBe('timeout');
  });

  test('hostPort, on the address of the node and on 127.0.0.1', async () => {
    expect(await outside.call('ask', { host: nodeIp, port: 9090 })).toBe(`b ${outsideIp}`);
    expect(await node.call('ask', { host: '127.0.0.1', port: 9090 })).toBe(`b ${nodeIp}`);
  });

  test('session affinity holds a client to one endpoint, also when others come and go', async () => {
    const spec = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } } };
    await put('services', service('sticky', '10.96.1.5', spec));
    await put('endpointslices', slice('sticky', [endpoint(ips[1]!)]));
    const target = { host: '10.96.1.5', port: 80 };
    expect(await eventually(a, target, `b ${ips[0]}`)).toBe(`b ${ips[0]}`);
    await put('endpointslices', slice('sticky', [endpoint(ips[0]!), endpoint(ips[1]!)]));
    for (let times = 0; times < 20; times++) expect(await a.call('ask', target)).toBe(`b ${ips[0]}`);
    await put('endpointslices', slice('sticky', [endpoint(ips[0]!)]));
    expect(await eventually(a, target, `a ${nodeIp}`)).toBe(`a ${nodeIp}`);
  });

  test('without affinity every endpoint has its share', async () => {
    await put('services', service('shared', '10.96.1.6'));
    await put('endpointslices', slice('shared', [endpoint(ips[0]!), endpoint(ips[1]!)]));
    const target = { host: '10.96.1.6', port: 80 };
    await eventually(node, target, `a ${nodeIp}`);
    const answers = new Set<string>();
    for (let times = 0; times < 40; times++) answers.add(await node.call('ask', target));
    expect([...answers].sort()).toEqual([`a ${nodeIp}`, `b ${nodeIp}`]);
  });

  test('a pod that ends takes no new connections before the API server tells so, unless it is the last', async () => {
    const targets = () => [0, 1].map((index) => endpoint(ips[index]!, { targetRef: { uid: 'ab'[index] } }));
    await put('services', service('leaving', '10.96.0.90'));
    await put('endpointslices', slice('leaving', targets()));
    await eventually(a, { host: '10.96.0.90', port: 80 }, `a ${nodeIp}`);
    await node.call('leave', 'a');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => b.call('ask', { host: '10.96.0.90', port: 80 })),
    );
    expect(new Set(answers)).toEqual(new Set([`b ${nodeIp}`]));
    await node.call('leave', 'b');
    expect(await b.call('ask', { host: '10.96.0.90', port: 80 })).toMatch(/^[ab] /);
    await node.call('remove', { plural: 'endpointslices', key: 'default/leaving-1' });
    await put('endpointslices', slice('leaving', targets()));
    // Its slice is gone and came again: what was said of the pods before is forgotten.
    await eventually(b, { host: '10.96.0.90', port: 80 }, `a ${ips[1]}`);
    expect(await eventually(b, { host: '10.96.0.90', port: 80 }, `a ${ips[1]}`)).toBe(`a ${ips[1]}`);
    await node.call('remove', { plural: 'endpointslices', key: 'default/leaving-1' });
    await node.call('remove', { plural: 'services', key: 'default/leaving' });
  });

  test('UDP: a flow leaves an endpoint that is gone', async () => {
    const ports = [{ port: 53, protocol: 'UDP', nodePort: 30053 }];
    await put('services', service('names', '10.96.1.7', { type: 'NodePort', ports }));
    await put('endpointslices', slice('names', [endpoint(ips[1]!)], [{ name: '', protocol: 'UDP', port: 5353 }]));
    const target = { host: '10.96.1.7', port: 53, protocol: 'udp' };
    expect(await eventually(a, target, `b ${ips[0]}`)).toBe(`b ${ips[0]}`);
    const local = { host: '127.0.0.1', port: 30053, protocol: 'udp' };
    expect(await eventually(node, local, `b ${nodeIp}`)).toBe(`b ${nodeIp}`);
    await put('endpointslices', slice('names', [endpoint(ips[0]!)], [{ name: '', protocol: 'UDP', port: 5353 }]));
    expect(await eventually(a, target, `a ${nodeIp}`)).toBe(`a ${nodeIp}`);
    const flows = () => node.call('run', ['conntrack', '-L', '-p', 'udp', '--orig-dst', '10.96.1.7', '-r', ips[1]]);
    const end = performance.now() + 5000;
    while ((await flows()) !== '' && performance.now() < end);
    expect(await flows()).toBe('');
  });

  test('names of services, asked by a pod and by the node', async () => {
    const question = { server: '10.96.0.10', name: 'web.default.svc.cluster.local' };
    expect(await a.call('resolve', question)).toEqual(['10.96.1.1']);
    expect(await node.call('resolve', question)).toEqual(['10.96.1.1']);
    expect(await a.call('resolve', { ...question, name: 'none.default.svc.cluster.local' })).toBe('ENOTFOUND');
  });

  describe('network policies', () => {
    const policy = (name: string, spec: object) => ({ metadata: { name, namespace: 'default' }, spec });
    const allowA = { from: [{ podSelector: { matchLabels: { app: 'a' } } }], ports: [{ port: 'http' }] };
    const toB = () => ({ host: ips[1]!, port: 8080 });
    const answerOfB = () => `b ${ips[0]}`;

    test('a pod that is isolated is cut off at once, and the node still reaches it', async () => {
      for (const [uid, ip] of [
        ['a', ips[0]],
        ['b', ips[1]],
      ]) {
        await put('pods', {
          metadata: { name: uid, namespace: 'default', uid, labels: { app: uid } },
          spec: { containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] },
          status: { phase: 'Running', podIP: ip },
        });
      }
      await put('namespaces', { metadata: { name: 'default', labels: { team: 'x' } } });
      const connection = await a.call<number>('hold', toB());
      const fromNode = await node.call<number>('hold', toB());
      expect(await a.call('echo', connection)).toBe('again');
      await put(
        'networkpolicies',
        policy('deny', { podSelector: { matchLabels: { app: 'b' } }, policyTypes: ['Ingress'] }),
      );
      expect(await eventually(a, toB(), 'timeout')).toBe('timeout');
      const end = performance.now() + 3000;
      while ((await a.call('echo', connection)) === 'again' && performance.now() < end);
      expect(await a.call('echo', connection)).toBe('timeout');
      expect(await node.call('ask', toB())).toBe(`b ${nodeIp}`);
      expect(await node.call('echo', fromNode)).toBe('again');
      expect(await b.call('ask', { host: ips[0], port: 8080 })).toBe(`a ${ips[1]}`);
      expect(await outside.call('ask', { host: nodeIp, port: 30001, timeout: 250 })).toBe('timeout');
      expect(await b.call('ask', { host: '10.96.1.1', port: 80 })).toBe(`b ${nodeIp}`);
    });

    test('what another policy allows comes through: selectors, named ports, address blocks', async () => {
      const spec = { podSelector: { matchLabels: { app: 'b' } }, policyTypes: ['Ingress'] };
      await put('networkpolicies', policy('allow', { ...spec, ingress: [allowA] }));
      expect(await eventually(a, toB(), answerOfB())).toBe(answerOfB());
      expect(await outside.call('ask', { host: nodeIp, port: 30001, timeout: 250 })).toBe('timeout');
      const from = [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } }];
      await put(
        'networkpolicies',
        policy('allow', { ...spec, ingress: [allowA, { from, ports: [{ port: 8000, endPort: 8100 }] }] }),
      );
      const target = { host: nodeIp, port: 30001 };
      expect(await eventually(outside, target, `b ${nodeIp}`)).toBe(`b ${nodeIp}`);
      const holes = [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.0/25'] } }];
      await put('networkpolicies', policy('allow', { ...spec, ingress: [allowA, { from: holes }] }));
      expect(await eventually(outside, target, 'timeout')).toBe('timeout');
      expect(await a.call('ask', toB())).toBe(answerOfB());
    });

    test('egress is denied but for the names of the cluster', async () => {
      const dns = { namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };
      const spec = { podSelector: { matchLabels: { app: 'a' } }, policyTypes: ['Egress'] };
      await put('namespaces', { metadata: { name: 'kube-system' } });
      await put(
        'networkpolicies',
        policy('names', { ...spec, egress: [{ to: [dns], ports: [{ protocol: 'UDP', port: 53 }] }] }),
      );
      expect(await eventually(a, toB(), 'timeout')).toBe('timeout');
      expect(await a.call('ask', { host: outsideIp, port: 8080, timeout: 250 })).toBe('timeout');
      const question = { server: '10.96.0.10', name: 'web.default.svc.cluster.local' };
      expect(await a.call('resolve', question)).toEqual(['10.96.1.1']);
      await node.call('remove', { plural: 'networkpolicies', key: 'default/names' });
      expect(await eventually(a, toB(), answerOfB())).toBe(answerOfB());
    });

    test('they stand while the agent is away, and before a new pod can be reached', async () => {
      await put(
        'networkpolicies',
        policy('all', { podSelector: { matchLabels: { app: 'c' } }, policyTypes: ['Ingress'] }),
      );
      const c = await startPeer();
      peers.push(c);
      await c.call('listen', { name: 'c', port: 8080 });
      const { ip } = await node.call<{ ip: string }>('attach', pod('c0', c, { labels: { app: 'c' } }));
      expect(await a.call('ask', { host: ip, port: 8080, timeout: 250 })).toBe('timeout');
      await node.call('stop');
      expect(await a.call('ask', { host: ip, port: 8080, timeout: 250 })).toBe('timeout');
      expect(await node.call('ask', { host: ip, port: 8080 })).toBe(`c ${nodeIp}`);
      await node.call('start', options);
      expect(await a.call('ask', { host: ip, port: 8080, timeout: 250 })).toBe('timeout');
      await node.call('adopt', [pod('a', a), pod('b', b), pod('c0', c, { labels: { app: 'c' } })]);
      expect(await a.call('ask', { host: ip, port: 8080, timeout: 250 })).toBe('timeout');
      expect(await a.call('ask', toB())).toBe(answerOfB());
      for (const name of ['all', 'deny', 'allow'])
        await node.call('remove', { plural: 'networkpolicies', key: `default/${name}` });
      expect(await eventually(a, { host: ip, port: 8080 }, `c ${ips[0]}`)).toBe(`c ${ips[0]}`);
      await node.call('detach', 'c0');
      const rules = () => node.call('run', ['nft', 'list', 'chains', 'ip']);
      const end = performance.now() + 3000;
      while ((await rules()).includes('pod-ingress') && performance.now() < end);
      expect(await rules()).not.toContain('pod-ingress');
    });
  });

  test('somebody else flushes the rules, a change brings everything back', async () => {
    await sh(node, 'nft delete table ip naru-abcd1234');
    await put('services', service('later', '10.96.1.8'));
    await put('endpointslices', slice('later', [endpoint(ips[1]!)]));
    expect(await eventually(a, { host: '10.96.1.8', port: 80 }, `b ${ips[0]}`)).toBe(`b ${ips[0]}`);
    expect(await a.call('ask', { host: '10.96.1.1', port: 80 })).toBe(`b ${ips[0]}`);
  });

  test('a second agent takes over what stands, without a gap', async () => {
    await node.call('stop');
    expect(await a.call('ask', { host: '10.96.1.1', port: 80 })).toBe(`b ${ips[0]}`);
    await node.call('start', options);
    expect(await a.call('ask', { host: '10.96.1.1', port: 80 })).toBe(`b ${ips[0]}`);
    const adopted = await node.call('adopt', [pod('a', a), pod('b', b), pod('gone', outside)]);
    expect(adopted).toEqual([
      ['a', ips[0]],
      ['b', ips[1]],
    ]);
    expect(await a.call('ask', { host: ips[1], port: 8080 })).toBe(`b ${ips[0]}`);
    await put('services', service('again', '10.96.1.9'));
    await put('endpointslices', slice('again', [endpoint(ips[1]!)]));
    expect(await eventually(a, { host: '10.96.1.9', port: 80 }, `b ${ips[0]}`)).toBe(`b ${ips[0]}`);
  });

  test('detaching frees the address and leaves nothing', async () => {
    const c = await startPeer();
    peers.push(c);
    const { ip } = await node.call<{ ip: string }>('attach', pod('c', c));
    expect(await a.call('run', ['ip', 'neigh', 'show', '169.254.1.1'])).toContain('PERMANENT');
    await node.call('detach', 'c');
    expect(await node.call('run', ['ip', 'route', 'show', ip])).toBe('');
    expect(await node.call('run', ['nft', 'list', 'set', 'ip', 'naru-abcd1234', 'pod-sources'])).not.toContain(ip);
    await node.call('detach', 'c');
  });

  test('down leaves nothing of the cluster, and everything of others', async () => {
    await sh(node, 'nft add table ip naru-ffff0000', 'ip link add nrffff000000000 type bridge');
    await node.call('put', {
      plural: 'nodes',
      object: {
        metadata: { name: 'node-2' },
        spec: { podCIDR: '10.244.1.0/24' },
        status: { addresses: [{ type: 'InternalIP', address: outsideIp }] },
      },
    });
    const route = () => node.call('run', ['ip', 'route', 'show', '10.244.1.0/24']);
    const end = performance.now() + 5000;
    while ((await route()) === '' && performance.now() < end);
    expect(await route()).toContain(`via ${outsideIp}`);
    await node.call('stop');
    await node.call('removeNetwork', 'abcd1234');
    await node.call('removeNetwork', 'abcd1234');
    expect(await node.call('run', ['ip', 'route', 'show'])).not.toContain('10.244');
    const links = await node.call('run', ['ip', '-o', 'link', 'show']);
    expect(links).toContain('nrffff000000000');
    expect(links).not.toContain('abcd');
    const tables = await node.call('run', ['nft', 'list', 'tables']);
    expect(tables).toContain('naru-ffff0000');
    expect(tables).not.toContain('abcd1234');
    const firewall = await node.call('run', ['iptables', '-S']);
    expect(firewall).toContain('DOCKER-USER');
    expect(firewall).not.toContain('naru');
  });
});
