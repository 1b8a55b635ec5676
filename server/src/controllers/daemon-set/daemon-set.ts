/** A DaemonSet as the loop sees it, and the pods it wants. */
import type { KubeObject, LabelSelector } from '@naru/api/object';
import type { Condition } from '../runtime/condition.ts';
import { scaledValue } from '../runtime/int-or-string.ts';
import type { NodeSelectorTerm, Pod, PodTemplate, Toleration } from '../runtime/pod.ts';
import { isTolerated, type Node, type Taint } from '../node-lifecycle/node.ts';
import { anyTermMatches, type SelectableNode } from '../scheduler/node-selector.ts';
import { labelsMatch } from '../runtime/label-selector.ts';

export interface DaemonSetStatus {
  currentNumberScheduled: number;
  numberMisscheduled: number;
  desiredNumberScheduled: number;
  numberReady: number;
  observedGeneration?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
  numberUnavailable?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

export interface DaemonSet extends KubeObject {
  spec: {
    selector: LabelSelector;
    template: PodTemplate;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    updateStrategy?: {
      type?: string;
      rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string };
    };
  };
  status?: DaemonSetStatus;
}

export const hashLabel = 'controller-revision-hash';
export const generationLabel = 'pod-template-generation';
export const generationAnnotation = 'deprecated.daemonset.template.generation';

export const templateGeneration = ({ metadata }: DaemonSet): string | undefined =>
  metadata.annotations?.[generationAnnotation];

export interface Surge {
  maxSurge: number;
  maxUnavailable: number;
}

/** How many nodes may be without a pod, or with two, during an update; if neither, one without. */
export function surgeOf({ spec }: DaemonSet, desired: number): Surge {
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, desired, 'up');
  const unavailable = scaledValue(maxUnavailable, desired, 'up');
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const always: readonly (readonly [key: string, effect: string])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

// Like daemon util AddOrUpdateDaemonPodTolerations.
export function daemonTolerations({ spec }: PodTemplate): Toleration[] {
  const added = spec.hostNetwork
    ? [...always, ['node.kubernetes.io/network-unavailable', 'NoSchedule'] as const]
    : always;
  const tolerations = [...(spec.tolerations ?? [])];
  for (const [key, effect] of added) {
    const toleration = { key, operator: 'Exists', effect };
    const same = tolerations.findIndex(
      (one) => one.key === key && one.effect === effect && (one.operator ?? 'Equal') === 'Exists' && !one.value,
    );
    if (same === -1) tolerations.push(toleration);
    else tolerations[same] = toleration;
  }
  return tolerations;
}

/** The template with what ties a pod to one node: it is the scheduler that places it, but nowhere else. */
export function templateFor(set: DaemonSet, node: string, hash: string): PodTemplate {
  const { template } = set.spec;
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const nodeAffinity = template.spec.affinity?.nodeAffinity ?? {};
  const generation = templateGeneration(set);
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: {
        ...template.metadata?.labels,
        ...(generation !== undefined && { [generationLabel]: generation }),
        ...(hash && { [hashLabel]: hash }),
      },
    },
    spec: {
      ...template.spec,
      tolerations: daemonTolerations(template),
      affinity: {
        ...template.spec.affinity,
        nodeAffinity: {
          ...nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
        },
      },
    },
  };
}

/** The node a daemon pod is on, or is meant for. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fields = required?.nodeSelectorTerms[0]?.matchFields ?? [];
  return fields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')?.values?.[0];
}

/** Whether a pod should be started on the node, and whether one that is there may stay. */
// Like NodeShouldRunDaemonPod.
export function nodeWants(set: DaemonSet, node: Node): { run: boolean; keep: boolean } {
  const { spec } = set.spec.template;
  const name = node.metadata.name ?? '';
  const selectable: SelectableNode = { name, labels: node.metadata.labels ?? {} };
  const terms: NodeSelectorTerm[] | undefined =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const fits =
    (!spec.nodeName || spec.nodeName === name) &&
    labelsMatch(spec.nodeSelector, selectable.labels) &&
    (!terms || anyTermMatches(terms, selectable));
  if (!fits) return { run: false, keep: false };
  const tolerations = daemonTolerations(set.spec.template);
  const untolerated = (effects: readonly string[]) => (taint: Taint) =>
    effects.includes(taint.effect) && !isTolerated(taint, tolerations);
  const taints = node.spec?.taints ?? [];
  if (!taints.some(untolerated(['NoSchedule', 'NoExecute']))) return { run: true, keep: true };
  return { run: false, keep: !taints.some(untolerated(['NoExecute'])) };
}
