import { expect, test } from 'vitest';
import { kubectlCommands, shellWord } from './kubectl-commands';
import { manifestsOf } from './manifest';
import { type RunRequest, fieldOf, nameFromImage, portFromImage } from './run-request';

const request: RunRequest = {
  image: 'nginx:1.27',
  name: 'web',
  project: 'shop',
  port: undefined,
  replicas: 1,
  variables: [],
  memoryLimit: '',
  cpuRequest: '',
  publicAddress: false,
};

test('the plainest app is one command and one object', () => {
  expect(kubectlCommands(request)).toEqual(['kubectl -n shop create deployment web --image=nginx:1.27']);
  expect(manifestsOf(request).map(({ kind }) => kind)).toEqual(['Deployment']);
});

test('every option has its command', () => {
  const commands = kubectlCommands({
    ...request,
    port: 80,
    replicas: 3,
    variables: [{ name: 'GREETING', value: "it's 안녕 $HOME" }],
    memoryLimit: '256Mi',
    cpuRequest: '100m',
    publicAddress: true,
  });
  expect(commands).toEqual([
    'kubectl -n shop create deployment web \\\n  --image=nginx:1.27 \\\n  --replicas=3 \\\n  --port=80',
    `kubectl -n shop set env deployment/web 'GREETING=it'\\''s 안녕 $HOME'`,
    'kubectl -n shop set resources deployment/web \\\n  --limits=memory=256Mi \\\n  --requests=cpu=100m',
    'kubectl -n shop expose deployment/web --port=80 --type=NodePort',
  ]);
});

test('words that a shell would take apart are quoted', () => {
  expect(shellWord('nginx:1.27')).toBe('nginx:1.27');
  expect(shellWord('a b')).toBe("'a b'");
  expect(shellWord('')).toBe("''");
  expect(shellWord('$(reboot)')).toBe("'$(reboot)'");
});

test('names and ports are guessed from images', () => {
  expect(nameFromImage('ghcr.io/acme/My_API:2@sha256:abc')).toBe('my-api');
  expect(nameFromImage('')).toBe('');
  expect(portFromImage('docker.io/library/postgres:17')).toBe(5432);
  expect(portFromImage('constructor')).toBeUndefined();
});

test('an error of the server finds its field', () => {
  expect(fieldOf('metadata.name')).toBe('name');
  expect(fieldOf('spec.template.spec.containers[0].image')).toBe('image');
  expect(fieldOf('spec.template.spec.containers[0].resources.limits[memory]')).toBe('memoryLimit');
  expect(fieldOf('spec.ports[0].nodePort')).toBe('port');
  expect(fieldOf('spec.strategy')).toBeUndefined();
});
