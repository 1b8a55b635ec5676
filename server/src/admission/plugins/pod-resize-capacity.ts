/** A running pod is not resized to more than its node has: it could never be done. */
import type { V1Node } from '@kubernetes/client-node';
import { forbidden, StatusError } from '@naru/api/status';
import { aggregateContainerRequests } from '../../kinds/core/pod/pod-resources.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import { compareQuantities } from '../../kinds/quantities.ts';
import type { AdmissionPlugin } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { podOf } from './pod-fields.ts';

export const podResizeCapacity = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'PodResizeCapacity',
  validate({ operation, kind, subresource, name, object }) {
    if (operation !== 'UPDATE' || kind.storagePrefix !== 'pods' || subresource !== 'resize' || !object) return;
    const { spec = {} } = podOf(object);
    const node = spec.nodeName ? reader.find('minions', '', spec.nodeName) : undefined;
    if (!node) return;
    const allocatable: Record<string, string> = fieldsOf<V1Node>(node).status?.allocatable ?? {};
    const requested = aggregateContainerRequests(spec);
    for (const resource of ['cpu', 'memory'])
      if (exceeds(requested.get(resource), allocatable[resource]))
        throw tooMuch(name, `node ${spec.nodeName} has not enough ${resource} for this resize in all`);
  },
});

const exceeds = (requested: string | undefined, allocatable: string | undefined): boolean =>
  requested !== undefined && allocatable !== undefined && compareQuantities(requested, allocatable) > 0;

/** Refusals of this kind are told apart by their cause. */
function tooMuch(name: string, message: string): StatusError {
  const { status } = forbidden({ group: '', resource: 'pods' }, name, message);
  return new StatusError({ ...status, details: { ...status.details, causes: [{ reason: 'NodeCapacity' }] } });
}
