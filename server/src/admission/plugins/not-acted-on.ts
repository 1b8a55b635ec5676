/** Tells whoever writes an object that nothing in Naru will make true: never silent. */
import type { V1Ingress } from '@kubernetes/client-node';
import { fieldsOf } from '../../kinds/fields.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';

const noController = 'there is no IngressClass: a controller that serves Ingresses has to be installed';

export const notActedOn = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'NotActedOn',
  validate(attributes) {
    const { kind, operation, subresource } = attributes;
    if (subresource || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    const effect =
      kind.notActedOn ?? (kind.storagePrefix === 'ingress' ? effectOfIngress(attributes, reader) : undefined);
    if (effect)
      attributes.warn(`${kind.group ? `${kind.plural}.${kind.group}` : kind.plural}: not acted on: ${effect}`);
  },
});

/** Controllers that need no class look for their annotation. */
function effectOfIngress({ object }: Attributes, reader: Reader): string | undefined {
  const { metadata } = fieldsOf<V1Ingress>(object!);
  if (metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return undefined;
  for (const _class of reader.all('ingressclasses')) return undefined;
  return noController;
}
