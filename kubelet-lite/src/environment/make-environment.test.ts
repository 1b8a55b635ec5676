import { expect, test } from '@jest/globals';
import type { ConfigSource } from '../config-objects/config-source.ts';
import type { ContainerDefinition } from '../pods/container-definition.ts';
import { makeEnvironment } from './make-environment.ts';
import { serviceLinks } from './service-links.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

const source: ConfigSource = {
  configMap: (_, name) =>
    Promise.resolve(
      name === 'cm'
        ? { metadata: { name }, data: { a: '1', 'b-c': '2', same: 'cm' }, binaryData: { bytes: base64('\0\x01') } }
        : undefined,
    ),
  secret: (_, name) =>
    Promise.resolve(name === 'se' ? { metadata: { name }, data: { s: base64('sec'), same: base64('se') } } : undefined),
};

async function environmentOf(container: Partial<ContainerDefinition>, files: Record<string, string> = {}) {
  const definition = { name: 'c', image: 'x', ...container };
  const variables = await makeEnvironment({
    pod: {
      metadata: { name: 'p', namespace: 'ns', uid: 'u', labels: { tier: 'web' } },
      spec: { containers: [definition], serviceAccountName: 'sa' },
    },
    container: definition,
    serviceLinks: new Map([['WEB_PORT', 'link']]),
    facts: { nodeName: 'n', hostIp: '1.1.1.1', podIp: '2.2.2.2', seenAt: '', allocatable: { cpu: '4' } },
    source,
    readVolumeFile: (volume, path) => Promise.resolve(files[`${volume}/${path}`]),
  });
  return Object.fromEntries(variables);
}

test('later sources win, env wins over envFrom, and services lose to all', async () => {
  const variables = await environmentOf({
    envFrom: [
      { configMapRef: { name: 'cm' } },
      { prefix: 'P_', secretRef: { name: 'se' } },
      { secretRef: { name: 'se' } },
    ],
    env: [
      { name: 'a', value: 'mine' },
      { name: 'D', value: '1' },
      { name: 'D', value: '$(D)2 $(LATER) $(WEB_PORT)' },
      { name: 'LATER', value: 'x' },
    ],
  });
  expect(variables).toEqual({
    a: 'mine',
    'b-c': '2',
    same: 'se',
    P_s: 'sec',
    P_same: 'se',
    s: 'sec',
    D: '12 $(LATER) link',
    LATER: 'x',
    WEB_PORT: 'link',
  });
});

test('binary keys of a ConfigMap are no variables', async () => {
  const ref = { name: 'cm', key: 'bytes' };
  await expect(environmentOf({ env: [{ name: 'B', valueFrom: { configMapKeyRef: ref } }] })).rejects.toThrow(
    "couldn't find key bytes in ConfigMap ns/cm",
  );
});

test('fields of the pod and resources, rounded up', async () => {
  const variables = await environmentOf({
    resources: { requests: { cpu: '10m' }, limits: { memory: '100Mi' } },
    env: [
      { name: 'LABEL', valueFrom: { fieldRef: { fieldPath: "metadata.labels['tier']" } } },
      { name: 'NONE', valueFrom: { fieldRef: { fieldPath: "metadata.labels['constructor']" } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'REQUEST', valueFrom: { resourceFieldRef: { resource: 'requests.cpu' } } },
      { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Gi' } } },
    ],
  });
  expect(variables).toMatchObject({ LABEL: 'web', NONE: '', IP: '2.2.2.2', REQUEST: '1', LIMIT: '4000', MEMORY: '1' });
});

test.each([
  [{ configMapKeyRef: { name: 'none', key: 'a' } }, 'configmap "none" not found'],
  [{ configMapKeyRef: { name: 'cm', key: 'zz' } }, "couldn't find key zz in ConfigMap ns/cm"],
  [{ secretKeyRef: { name: 'none', key: 'a' } }, 'secret "none" not found'],
  [{ secretKeyRef: { name: 'se', key: '__proto__' } }, "couldn't find key __proto__ in Secret ns/se"],
])('%j: %s', async (valueFrom, message) => {
  await expect(environmentOf({ env: [{ name: 'A', valueFrom }] })).rejects.toThrow(message);
});

test('what is optional and missing is left out', async () => {
  const variables = await environmentOf({
    envFrom: [{ configMapRef: { name: 'none', optional: true } }],
    env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'se', key: 'no', optional: true } } }],
  });
  expect(variables).toEqual({ WEB_PORT: 'link' });
});

test('a variable out of a file', async () => {
  const env = [{ name: 'F', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'e', key: 'A' } } }];
  expect(await environmentOf({ env }, { 'v/e': "# note\nA='1 2'\nB=3\n" })).toMatchObject({ F: '1 2' });
  await expect(environmentOf({ env }, { 'v/e': 'B=3' })).rejects.toThrow('not found in file');
});

test('services of the namespace and the API become variables', () => {
  const service = (namespace: string, name: string, clusterIP: string, ports = [{ name: 'http', port: 80 }]) => ({
    metadata: { namespace, name },
    spec: { clusterIP, ports },
  });
  const links = serviceLinks(
    [
      service('ns', 'my-web', '10.0.0.1'),
      service('other', 'far', '10.0.0.2'),
      service('ns', 'headless', 'None'),
      service('default', 'kubernetes', '10.0.0.3', [{ name: 'https', port: 443 }]),
    ],
    { namespace: 'ns', links: true },
  );
  expect(Object.fromEntries(links)).toMatchObject({
    KUBERNETES_SERVICE_HOST: '10.0.0.3',
    KUBERNETES_PORT: 'tcp://10.0.0.3:443',
    MY_WEB_SERVICE_HOST: '10.0.0.1',
    MY_WEB_SERVICE_PORT: '80',
    MY_WEB_SERVICE_PORT_HTTP: '80',
    MY_WEB_PORT_80_TCP: 'tcp://10.0.0.1:80',
    MY_WEB_PORT_80_TCP_PROTO: 'tcp',
    MY_WEB_PORT_80_TCP_PORT: '80',
    MY_WEB_PORT_80_TCP_ADDR: '10.0.0.1',
  });
  expect([...links.keys()].some((key) => /FAR|HEADLESS/.test(key))).toBe(false);
});
