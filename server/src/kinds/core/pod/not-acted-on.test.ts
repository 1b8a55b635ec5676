import { expect, test } from '@jest/globals';
import { notActedOn, podFieldsNotActedOn } from './not-acted-on.ts';

test('each field is told where it stands, and others are not', () => {
  const spec = {
    hostUsers: true,
    volumes: [
      { name: 'a', emptyDir: {} },
      { name: 'b', nfs: { server: 's', path: '/' } },
      { name: 'c', projected: { sources: [{ configMap: {} }, { podCertificate: { keyType: 'ED25519' } }] } },
    ],
    containers: [
      { name: 'c', volumeDevices: [] },
      { name: 'd', volumeDevices: [{ name: 'x', devicePath: '/dev/x' }] },
    ],
  };
  expect(notActedOn(spec, 'spec.template.spec').map((text) => text.slice(0, text.indexOf(':')))).toEqual([
    'spec.template.spec.volumes[1].nfs',
    'spec.template.spec.volumes[2].projected.sources[1].podCertificate',
    'spec.template.spec.containers[1].volumeDevices',
  ]);
});

test('a field of which one value is not acted on is told for that value alone', () => {
  expect(notActedOn({ hostUsers: false, containers: [] }, 'spec')).toEqual([
    'spec.hostUsers: not acted on: containers of Naru run in the user namespace of the engine',
  ]);
  expect(notActedOn({ containers: [], securityContext: { supplementalGroupsPolicy: 'Merge' } }, 'spec')).toEqual([]);
});

test('a limit is told where nothing holds it, and not where it is held', () => {
  const volume = (name: string, medium: string) => ({ name, emptyDir: { medium, sizeLimit: '1Mi' } });
  const spec = {
    volumes: [volume('disk', ''), volume('memory', 'Memory')],
    containers: [{ name: 'c', resources: { limits: { cpu: '1', 'ephemeral-storage': '1Gi' } } }],
  };
  expect(notActedOn(spec, 'spec').map((text) => text.slice(0, text.indexOf(':')))).toEqual([
    'spec.containers[0].resources.limits.ephemeral-storage',
    'spec.volumes[0].emptyDir.sizeLimit',
  ]);
});

test('no field is listed twice', () => {
  const paths = podFieldsNotActedOn.map(({ path }) => path);
  expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
});
