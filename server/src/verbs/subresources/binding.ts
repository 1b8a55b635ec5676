/** pods/binding: puts a pod on a node, once. */
// Like pkg/registry/core/pod/storage BindingREST.
import type { V1Binding, V1Pod } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { StatusError, badRequest, conflict } from '@naru/api/status';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Api, Target } from '../api.ts';
import { changeStored } from '../commit.ts';
import { registryRoot } from '../../watch/watch-cache.ts';
import { timestamp } from '../prepare.ts';
import { created } from './subresource-success.ts';

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

export interface BindRequest extends Target {
  readonly object: AnyObject;
  readonly dryRun: boolean;
}

export async function bind(request: BindRequest, api: Api): Promise<AnyObject> {
  const binding = fieldsOf<V1Binding>(request.object);
  assertBinding(binding, request.name);
  await changeStored(
    {
      ...request,
      async change(current) {
        const object = current.copy();
        delete object.metadata.resourceVersion;
        assign(fieldsOf<V1Pod>(object), binding, api);
        return { object };
      },
    },
    api,
  );
  return created();
}

function assertBinding({ metadata, target }: ObjectFields<V1Binding>, name: string): void {
  if (metadata.name && metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
  const kind = target?.kind ?? '';
  if (kind !== '' && kind !== 'Node') {
    throw plain(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
  }
  if (!target?.name) throw plain('target.name: Required value');
}

/** Upstream hands these on without making a Status of them. */
const plain = (message: string) => new StatusError({ code: 500, message });

/** Changes `pod`. */
function assign(pod: ObjectFields<V1Pod>, { metadata, target }: ObjectFields<V1Binding>, api: Api): void {
  const { name = '' } = pod.metadata;
  const refuse = (why: string) => conflict({ group: '', resource: 'pods/binding' }, name, why);
  if (metadata.uid && metadata.uid !== pod.metadata.uid) {
    throw refuse(`Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${pod.metadata.uid}`);
  }
  if (pod.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  if (pod.spec?.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const nodeName = target!.name!;
  pod.spec = { ...pod.spec, nodeName };
  if (metadata.annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...metadata.annotations };
  const labels = { ...topologyOf(nodeName, api), ...metadata.labels };
  if (Object.keys(labels).length) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const others = pod.status?.conditions?.filter(({ type }) => type !== 'PodScheduled') ?? [];
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(api.clock.now()) };
  pod.status = { ...pod.status, conditions: [...others, { ...scheduled, lastProbeTime: null as never }] };
}

// Like plugin/pkg/admission/podtopologylabels.
function topologyOf(nodeName: string, api: Api): Record<string, string> {
  const labels = api.cache.resource('minions').get(`${registryRoot}minions/${nodeName}`)?.object.metadata.labels ?? {};
  return Object.fromEntries(Object.entries(labels).filter(([key]) => topologyLabels.includes(key)));
}
