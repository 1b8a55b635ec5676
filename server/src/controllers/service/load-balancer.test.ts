import { describe, expect, test } from '@jest/globals';
import type { EndpointSlice } from '../endpoint-slice/slices.ts';
import type { Pod } from '../runtime/pod.ts';
import { balancedAddresses, portConflict, type BalancedNode, type BalancedService } from './load-balancer.ts';

const node = (name: string, address: string, rest: object = {}): BalancedNode => ({
  metadata: { name, ...rest },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    addresses: [
      { type: 'Hostname', address: name },
      { type: 'InternalIP', address },
    ],
  },
});

const service = (name: string, spec: Partial<BalancedService['spec']> = {}, ip?: string): BalancedService => ({
  metadata: { namespace: 'd', name, uid: name },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  ...(ip && { status: { loadBalancer: { ingress: [{ ip }] } } }),
});

const slice = (...endpoints: EndpointSlice['endpoints'] & object): EndpointSlice[] => [
  { metadata: { name: 's' }, addressType: 'IPv4', ports: [], endpoints },
];
const on = (nodeName: string, ready = true) => ({ addresses: ['10.244.0.9'], conditions: { ready }, nodeName });

describe('the addresses of a load balancer', () => {
  const two = node('n2', '192.0.2.2');
  const nodes = [two, node('n1', '192.0.2.1')];

  test('are those of all ready nodes, in the order of their names', () => {
    expect(balancedAddresses(service('a'), slice(on('n1')), nodes)).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test('where traffic stays local, those of nodes with endpoints', () => {
    const local = service('a', { externalTrafficPolicy: 'Local' });
    expect(balancedAddresses(local, slice(on('n2')), nodes)).toEqual(['192.0.2.2']);
  });

  test('are none while nothing would answer', () => {
    expect(balancedAddresses(service('a'), [], nodes)).toEqual([]);
    expect(balancedAddresses(service('a'), slice(on('n1', false)), nodes)).toEqual([]);
  });

  test('leave out nodes that are not ready or excluded', () => {
    const silent: BalancedNode = {
      ...two,
      status: { ...two.status, conditions: [{ type: 'Ready', status: 'Unknown' }] },
    };
    const excluded = node('n3', '192.0.2.3', {
      labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
    });
    expect(balancedAddresses(service('a'), slice(on('n1')), [silent, excluded])).toEqual([]);
  });
});

describe('a port of a load balancer', () => {
  const nodes = [node('n1', '192.0.2.1')];
  const claims = { services: [], pods: [], nodes, reserved: [6443] };
  const conflict = (wanted: BalancedService, rest: object) =>
    portConflict(wanted, ['192.0.2.1'], { ...claims, ...rest });
  const pod = (hostPort: number, nodeName: string): Pod =>
    ({
      metadata: { namespace: 'd', name: 'p' },
      spec: { nodeName, containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort }] }] },
    }) as Pod;

  test('is free when nobody has it', () => {
    const other = service('other', { ports: [{ port: 81 }] }, '192.0.2.1');
    expect(conflict(service('a'), { services: [other, service('later')] })).toBeUndefined();
  });

  test('belongs to whom it was given first', () => {
    const first = service('first', {}, '192.0.2.1');
    expect(conflict(service('a'), { services: [first] })).toBe('port 80/TCP is already used by service d/first');
    expect(conflict(service('a', { ports: [{ port: 80, protocol: 'UDP' }] }), { services: [first] })).toBeUndefined();
  });

  test('is not taken from a host port, a node port, or the node', () => {
    expect(conflict(service('a'), { pods: [pod(80, 'n1')] })).toBe('port 80/TCP is already used by pod d/p');
    expect(conflict(service('a'), { pods: [pod(80, 'elsewhere')] })).toBeUndefined();
    const exposed = service('np', { type: 'NodePort', ports: [{ port: 1, nodePort: 30080 }] });
    expect(conflict(service('a', { ports: [{ port: 30080 }] }), { services: [exposed] })).toMatch(/node port of/);
    expect(conflict(service('a', { ports: [{ port: 6443 }] }), {})).toMatch(/the node itself/);
  });
});
