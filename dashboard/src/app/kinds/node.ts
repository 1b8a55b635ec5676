/** The fields of a Node this page reads. */
import type { Condition, KubernetesObject } from '../cluster/kubernetes-object';

export interface Node extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
    readonly nodeInfo?: { readonly kubeletVersion?: string };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}
