/** Fills secrets of type service-account-token, and deletes them with their account. */
// Like pkg/controller/serviceaccount/tokens_controller.go.
import { keyOf } from '@naru/api/client/object-cache';
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { secrets, serviceAccounts } from '../runtime/resources.ts';

const type = 'kubernetes.io/service-account-token';
const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';
const byAccount = 'account';

interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
}

function accountOf({ type: own, metadata }: Secret): string[] {
  const name = metadata.annotations?.[nameAnnotation];
  return own === type && name ? [`${metadata.namespace}/${name}`] : [];
}

export const tokenSecrets = defineController({
  name: 'serviceaccount-token-controller',
  user: 'system:serviceaccount:kube-system:tokens-controller',
  for: secrets,
  watches: [
    watching<KubeObject>(serviceAccounts, (account, { informers }) =>
      informers.for<Secret>(secrets).byIndex(byAccount, keyOf(account)).map(keyOf),
    ),
  ],
  prepare: ({ informers }) => informers.for<Secret>(secrets).addIndex(byAccount, accountOf),
  async reconcile(key, context) {
    const secret = context.informers.for<Secret>(secrets).get(key);
    const [account] = secret ? accountOf(secret) : [];
    if (!secret || account === undefined || secret.metadata.deletionTimestamp) return;
    try {
      await settle(secret, account, context);
    } catch (error) {
      if (!isNotFound(error)) throw error; // gone meanwhile
    }
  },
});

async function settle(secret: Secret, account: string, { client, informers, config }: ControllerContext) {
  const { name = '', namespace = '', uid, annotations } = secret.metadata;
  const written = client.for<Secret>(secrets);
  const wanted = annotations?.[uidAnnotation];
  const known = informers.for<KubeObject>(serviceAccounts).get(account) ?? (await found(account, client));
  if (!known || (wanted !== undefined && wanted !== known.metadata.uid)) {
    await written.delete(name, namespace, { preconditions: { ...(uid && { uid }) } });
    return;
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const authority = base64(config.clusterAuthority);
  const space = base64(namespace);
  const { data = {} } = secret;
  const complete = data['token'] && data['ca.crt'] === authority && data['namespace'] && wanted !== undefined;
  if (complete) return;
  const subject = {
    namespace,
    secret: name,
    account: { name: known.metadata.name ?? '', uid: known.metadata.uid ?? '' },
  };
  const token = data['token'] ?? base64(await config.secretToken(subject));
  await written.update({
    ...secret,
    metadata: { ...secret.metadata, annotations: { ...annotations, [uidAnnotation]: known.metadata.uid ?? '' } },
    data: { namespace: space, ...data, 'ca.crt': authority, token },
  });
}

/** The cache may not know a new account yet: nothing is deleted before the server was asked. */
async function found(account: string, client: ControllerContext['client']): Promise<KubeObject | undefined> {
  const [namespace, name = ''] = account.split('/');
  try {
    return await client.for<KubeObject>(serviceAccounts).get(name, namespace);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
