/** Every namespace has the ServiceAccount that its pods run as unless they say otherwise. */
// Like pkg/controller/serviceaccount/serviceaccounts_controller.go.
import type { KubeObject } from '@naru/api/object';
import { isAlreadyExists } from '@naru/api/status';
import { defineController, watching } from '../runtime/define-controller.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { namespaces, serviceAccounts } from '../runtime/resources.ts';
import { isActiveNamespace, type Namespace } from '../namespace/namespace.ts';

export const defaultServiceAccount = defineController({
  name: 'service-account-controller',
  for: namespaces,
  watches: [
    watching<KubeObject>(serviceAccounts, ({ metadata: { name, namespace = '' } }) =>
      name === 'default' ? [namespace] : [],
    ),
  ],
  async reconcile(namespace, { client, informers }) {
    if (!isActiveNamespace(informers.for<Namespace>(namespaces).get(namespace))) return;
    if (informers.for(serviceAccounts).get(`${namespace}/default`)) return;
    try {
      await client.for<KubeObject>(serviceAccounts).create({ metadata: { name: 'default', namespace } });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  },
});
