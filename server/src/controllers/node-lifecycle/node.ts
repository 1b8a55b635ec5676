/** A Node as controllers see it. */
import type { KubeObject } from '@naru/api/object';
import type { Condition } from '../runtime/condition.ts';
import type { Toleration } from '../runtime/pod.ts';

export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

export interface Node extends KubeObject {
  spec?: {
    podCIDR?: string;
    podCIDRs?: string[];
    unschedulable?: boolean;
    taints?: Taint[];
  };
  status?: {
    conditions?: (Condition & { lastHeartbeatTime?: string })[];
    allocatable?: Record<string, string>;
    capacity?: Record<string, string>;
    images?: { names?: string[]; sizeBytes?: number }[];
    nodeInfo?: { bootID?: string };
  };
}

export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';
export const unschedulableTaint = 'node.kubernetes.io/unschedulable';

// Like component-helpers ToleratesTaint.
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? '') {
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '');
    case 'Exists':
      return true;
    case 'Lt':
      return ordered(taint.value, toleration.value, (a, b) => a < b);
    case 'Gt':
      return ordered(taint.value, toleration.value, (a, b) => a > b);
    default:
      return false;
  }
}

function ordered(a: string | undefined, b: string | undefined, compare: (a: bigint, b: bigint) => boolean): boolean {
  const isInteger = (text: string | undefined): text is string =>
    text !== undefined && text.length < 20 && /^(0|-?[1-9][0-9]*)$/.test(text);
  return isInteger(a) && isInteger(b) && compare(BigInt(a), BigInt(b));
}

export const isTolerated = (taint: Taint, tolerations: readonly Toleration[] | undefined): boolean =>
  (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
