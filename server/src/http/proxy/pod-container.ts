/** Which container of which pod a request to the kubelet is about. */
// Like pkg/registry/core/pod validateContainer and streamLocation.
import type { V1Pod } from '@kubernetes/client-node';
import { badRequest } from '@naru/api/status';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Api, Target } from '../../verbs/api.ts';
import { get } from '../../verbs/get.ts';

export type Pod = ObjectFields<V1Pod>;

export const podOf = (target: Target, api: Api): Pod => fieldsOf<V1Pod>(get(target, api).object);

/** Throws 400 when none is named and there are several, and when there is none of that name. */
export function containerOf({ metadata, spec }: Pod, asked: string): string {
  const { name: podName = '' } = metadata;
  const containers = namesOf(spec?.containers);
  const all = [...namesOf(spec?.initContainers), ...containers, ...namesOf(spec?.ephemeralContainers)];
  if (asked) {
    if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${podName}`);
    return asked;
  }
  if (containers.length === 1) return containers[0]!;
  if (containers.length === 0) throw badRequest(`a container name must be specified for pod ${podName}`);
  throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${all.join(' ')}]`);
}

const namesOf = (containers: readonly { name?: string }[] | undefined): string[] =>
  containers?.map(({ name = '' }) => name) ?? [];

/** Throws 400 for a pod that no node has yet. */
export function nodeOf({ metadata, spec }: Pod): string {
  if (spec?.nodeName) return spec.nodeName;
  throw badRequest(`pod ${metadata.name ?? ''} does not have a host assigned`);
}
