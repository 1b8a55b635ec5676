/** An app: a workload with its instances, addresses and autoscaler, and how it is doing. */
import { type Cause } from '../causes/cause';
import { workloadCause } from '../causes/workload-cause';
import { matchesLabels } from '../cluster/kubernetes-object';
import type { Autoscaler } from '../kinds/autoscaler';
import { type Pod, restartsOf } from '../kinds/pod';
import type { Service } from '../kinds/service';
import { type Workload, type WorkloadKind, desiredOf, readyOf, updatedOf, workloadPlurals } from '../kinds/workload';

export type AppState =
  'running' | 'starting' | 'updating' | 'degraded' | 'failing' | 'stopping' | 'stopped' | 'deleting';

export interface Stopped {
  readonly by: string;
  readonly at: string;
  readonly replicas: number;
}

export interface App {
  readonly id: string;
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly project: string;
  readonly path: string;
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly autoscaler: Autoscaler | undefined;
  readonly desired: number;
  readonly ready: number;
  readonly restarts: number;
  readonly images: readonly string[];
  readonly created: string;
  readonly stopped: Stopped | undefined;
  readonly state: AppState;
  readonly cause: Cause | undefined;
}

export interface AppParts {
  readonly workloads: readonly { readonly kind: WorkloadKind; readonly workload: Workload }[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly autoscalers: readonly Autoscaler[];
}

/** All apps of the parts; `now` in milliseconds. */
export function appsOf(parts: AppParts, now: number): App[] {
  const podsByOwner = Map.groupBy(parts.pods, (pod) => ownerOf(pod) ?? '');
  const servicesByProject = Map.groupBy(parts.services, (service) => service.metadata.namespace ?? '');
  return parts.workloads.map(({ kind, workload }) => {
    const { name, namespace: project = '' } = workload.metadata;
    const labels = workload.spec.template.metadata?.labels;
    return appOf(kind, workload, {
      pods: podsByOwner.get(`${project}/${kind}/${name}`) ?? [],
      services: (servicesByProject.get(project) ?? []).filter((service) =>
        matchesLabels(service.spec.selector, labels),
      ),
      autoscaler: parts.autoscalers.find(
        ({ metadata, spec }) =>
          metadata.namespace === project && spec.scaleTargetRef.kind === kind && spec.scaleTargetRef.name === name,
      ),
      now,
    });
  });
}

interface Belongings {
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly autoscaler: Autoscaler | undefined;
  readonly now: number;
}

function appOf(kind: WorkloadKind, workload: Workload, { pods, services, autoscaler, now }: Belongings): App {
  const { name, namespace: project = '', uid, creationTimestamp = '' } = workload.metadata;
  const stopped = stoppedOf(kind, workload);
  const cause = stopped ? undefined : workloadCause(workload, pods, now);
  return {
    id: uid,
    kind,
    name,
    project,
    path: `/apis/apps/v1/namespaces/${project}/${workloadPlurals[kind]}/${name}`,
    workload,
    pods,
    services,
    autoscaler,
    desired: desiredOf(kind, workload),
    ready: readyOf(kind, workload),
    restarts: pods.reduce((sum, pod) => sum + restartsOf(pod), 0),
    images: workload.spec.template.spec.containers.map(({ image = '' }) => image),
    created: creationTimestamp,
    stopped,
    state: stateOf(kind, workload, pods, cause),
    cause,
  };
}

function stateOf(kind: WorkloadKind, workload: Workload, pods: readonly Pod[], cause: Cause | undefined): AppState {
  if (workload.metadata.deletionTimestamp) return 'deleting';
  const desired = desiredOf(kind, workload);
  const ready = readyOf(kind, workload);
  if (desired === 0) {
    if (kind === 'DaemonSet' && ready === 0) return 'running';
    return pods.length > 0 ? 'stopping' : 'stopped';
  }
  if (cause) return ready === 0 ? 'failing' : 'degraded';
  const seen = (workload.status?.observedGeneration ?? 0) >= (workload.metadata.generation ?? 0);
  const rolling = updatedOf(kind, workload) < desired || !seen;
  if (rolling && ready > 0) return 'updating';
  if (ready < desired) return 'starting';
  return 'running';
}

/** Who stopped it and how many instances a start brings back; undefined for what runs or was never stopped here. */
function stoppedOf(kind: WorkloadKind, workload: Workload): Stopped | undefined {
  const annotations = workload.metadata.annotations ?? {};
  if (kind === 'DaemonSet' || workload.spec.replicas !== 0) return undefined;
  const replicas = Number(annotations['naru.dev/stopped-replicas'] ?? 1);
  return {
    by: annotations['naru.dev/stopped-by'] ?? '',
    at: annotations['naru.dev/stopped-at'] ?? '',
    replicas: Number.isInteger(replicas) && replicas > 0 ? replicas : 1,
  };
}

/** `project/Kind/name` of the app a pod belongs to; a ReplicaSet's name is its Deployment's and the template's hash. */
export function ownerOf(pod: Pod): string | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return undefined;
  const project = pod.metadata.namespace ?? '';
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    return `${project}/Deployment/${owner.name.slice(0, -hash.length - 1)}`;
  return `${project}/${owner.kind}/${owner.name}`;
}
