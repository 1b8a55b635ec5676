/** Pods stay five minutes on a node that stopped answering, unless they say otherwise. */
// Like plugin/pkg/admission/defaulttolerationseconds.
import type { V1Toleration } from '@kubernetes/client-node';
import type { Fields } from '../../kinds/fields.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { podOf } from './pod-fields.ts';

const tolerationSeconds = 300;
const taints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export const defaultTolerationSeconds = (): AdmissionPlugin => ({
  name: 'DefaultTolerationSeconds',
  mutate({ operation, kind, subresource, object }) {
    const isWrite = operation === 'CREATE' || operation === 'UPDATE';
    if (!isWrite || kind.storagePrefix !== 'pods' || subresource || !object) return;
    const { spec } = podOf(object);
    if (!spec) return;
    const tolerations = spec.tolerations ?? [];
    const missing = taints.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
    if (missing.length) spec.tolerations = [...tolerations, ...missing.map(tolerationOf)];
  },
});

const tolerates = ({ key, effect }: Fields<V1Toleration>, taint: string): boolean =>
  (key === taint || !key) && (effect === 'NoExecute' || !effect);

const tolerationOf = (key: string): Fields<V1Toleration> => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});
