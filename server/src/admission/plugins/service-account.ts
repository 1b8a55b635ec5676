/** A pod runs as somebody: its service account, whose token is mounted where clients look for it. */
// Like plugin/pkg/admission/serviceaccount.
import type { V1Container, V1ServiceAccount, V1Volume } from '@kubernetes/client-node';
import { forbidden } from '@naru/api/status';
import { fieldsOf, type Fields, type ObjectFields } from '../../kinds/fields.ts';
import { randomSuffix } from '../../verbs/generate-name.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { assertMountable, mountableAnnotation } from './mountable-secrets.ts';
import { podToCreate, type PodFields } from './pod-fields.ts';

const defaultAccount = 'default';
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
/** A little over an hour: kubelets renew at four fifths, and know this number for one that nobody chose. */
const expirationSeconds = 3607;
const mirrorAnnotation = 'kubernetes.io/config.mirror';

export interface ServiceAccountOptions {
  readonly reader: Reader;
  readonly below: (limit: number) => number;
}

export const serviceAccount = ({ reader, below }: ServiceAccountOptions): AdmissionPlugin => ({
  name: 'ServiceAccount',
  mutate(attributes) {
    const pod = podToCreate(attributes);
    if (!pod?.spec) return;
    if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return assertMirror(pod);
    const { spec } = pod;
    spec.serviceAccountName ||= defaultAccount;
    spec.serviceAccount = spec.serviceAccountName;
    const account = accountOf(spec.serviceAccountName, attributes, reader);
    if (account.metadata.annotations?.[mountableAnnotation] === 'true') assertMountable(pod, account);
    if (mountsToken(pod, account)) mountToken(pod, below);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = account.imagePullSecrets.map(({ name = '' }) => ({ name }));
    }
  },
});

/** A node writes mirror pods for what it runs by itself; nobody vouches for these. */
function assertMirror({ metadata, spec }: PodFields): void {
  const refuse = (why: string) => forbidden({ group: '', resource: 'pods' }, metadata.name ?? '', why);
  if (spec?.serviceAccountName) throw refuse('a mirror pod may not reference service accounts');
  for (const { secret, projected } of spec?.volumes ?? []) {
    const projectsToken = projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken);
    if (secret || projectsToken)
      throw refuse(
        `a mirror pod may not ${secret ? 'reference secrets' : 'use ServiceAccountToken volume projections'}`,
      );
  }
}

function accountOf(name: string, { namespace, object }: Attributes, reader: Reader): ObjectFields<V1ServiceAccount> {
  const account = reader.find('serviceaccounts', namespace, name);
  if (account) return fieldsOf<V1ServiceAccount>(account);
  const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
  const { name: pod, generateName = '' } = object?.metadata ?? {};
  throw forbidden({ group: '', resource: 'pods' }, pod ?? generateName, why);
}

const mountsToken = ({ spec }: PodFields, account: ObjectFields<V1ServiceAccount>): boolean =>
  spec?.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;

function mountToken({ spec }: PodFields, below: (limit: number) => number): void {
  const containers = [...(spec!.initContainers ?? []), ...(spec!.containers ?? [])];
  const without = containers.filter(
    ({ volumeMounts }) => !volumeMounts?.some((mount) => mount.mountPath === mountPath),
  );
  if (without.length === 0) return;
  const existing = spec!.volumes?.find(({ name }) => name?.startsWith('kube-api-access-'));
  const name = existing?.name ?? `kube-api-access-${randomSuffix(below)}`;
  for (const container of without) addMount(container, name);
  if (!existing) spec!.volumes = [...(spec!.volumes ?? []), tokenVolume(name)];
}

function addMount(container: Fields<V1Container>, name: string): void {
  container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
}

const tokenVolume = (name: string): Fields<V1Volume> => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 0o644,
  },
});
