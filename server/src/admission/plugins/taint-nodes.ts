/** A new node takes no pods until its controller has seen it ready. */
// Like plugin/pkg/admission/nodetaint.
import type { V1Node } from '@kubernetes/client-node';
import { fieldsOf } from '../../kinds/fields.ts';
import type { AdmissionPlugin } from '../admission.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

export const taintNodes = (): AdmissionPlugin => ({
  name: 'TaintNodesByCondition',
  mutate({ operation, kind, subresource, object }) {
    if (operation !== 'CREATE' || kind.storagePrefix !== 'minions' || subresource || !object) return;
    const node = fieldsOf<V1Node>(object);
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return;
    node.spec = { ...node.spec, taints: [...taints, { ...notReady }] };
  },
});
