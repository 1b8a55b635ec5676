/** Every namespace has the ConfigMap with which its pods trust the API server. */
// Like pkg/controller/certificates/rootcacertpublisher.
import type { KubeObject } from '@naru/api/object';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import { defineController, watching } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { configMaps, namespaces } from '../runtime/resources.ts';
import { isActiveNamespace, type Namespace } from '../namespace/namespace.ts';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

const name = 'kube-root-ca.crt';
const annotation = 'kubernetes.io/description';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
  'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export const rootCertificate = defineController({
  name: 'root-ca-cert-publisher',
  for: namespaces,
  watches: [
    watching<ConfigMap>(configMaps, ({ metadata }) => (metadata.name === name ? [metadata.namespace ?? ''] : [])),
  ],
  async reconcile(namespace, { client, informers, config }) {
    if (!isActiveNamespace(informers.for<Namespace>(namespaces).get(namespace))) return;
    const data = { 'ca.crt': config.clusterAuthority };
    const current = informers.for<ConfigMap>(configMaps).get(`${namespace}/${name}`);
    const maps = client.for<ConfigMap>(configMaps);
    const annotations = { ...current?.metadata.annotations, [annotation]: description };
    if (current && equalJson(current.data, data) && equalJson(current.metadata.annotations, annotations)) return;
    try {
      if (current) await maps.update({ ...current, metadata: { ...current.metadata, annotations }, data });
      else await maps.create({ metadata: { name, namespace, annotations }, data });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error;
    }
  },
});
