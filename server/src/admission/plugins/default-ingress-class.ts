/** An Ingress that names no class gets the cluster's. */
// Like plugin/pkg/admission/network/defaultingressclass.
import type { V1Ingress } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../../kinds/fields.ts';
import type { AdmissionPlugin } from '../admission.ts';
import type { Reader } from '../reader.ts';

const isDefault = ({ metadata }: AnyObject): boolean =>
  metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';

export const defaultIngressClass = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'DefaultIngressClass',
  mutate({ operation, kind, subresource, object }) {
    if (operation !== 'CREATE' || kind.storagePrefix !== 'ingress' || subresource || !object) return;
    const ingress = fieldsOf<V1Ingress>(object);
    if (ingress.spec?.ingressClassName !== undefined) return;
    if (ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const name = newestDefault(reader);
    if (name) (ingress.spec ??= {}).ingressClassName = name;
  },
});

/** Of several the newest; of those the first by name, in whose order they come. */
function newestDefault(reader: Reader): string | undefined {
  let chosen: AnyObject | undefined;
  const madeAt = (object: AnyObject) => object.metadata.creationTimestamp ?? '';
  for (const candidate of reader.all('ingressclasses'))
    if (isDefault(candidate) && (!chosen || madeAt(candidate) > madeAt(chosen))) chosen = candidate;
  return chosen?.metadata.name;
}
