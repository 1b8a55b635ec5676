/** Notices nodes that fall silent or are not ready, taints them, and takes their pods out of service. */
// Like pkg/controller/nodelifecycle.
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { conditionOf } from '../runtime/condition.ts';
import { controllerUser, defineController, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isReady, type Pod } from '../runtime/pod.ts';
import { indexByNode, podsOn } from '../runtime/pods-by-node.ts';
import { leases, nodes, pods } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { isNodeReady, silentConditions, taintsOf } from './health.ts';
import type { Node } from './node.ts';

/** Milliseconds of silence after which a node counts as lost; four renewals of its lease. */
export const monitorGracePeriod = 40_000;
/** The same for a node that has never said how it is. */
const startupGracePeriod = 60_000;

interface Lease extends KubeObject {
  spec?: { renewTime?: string };
}

/** The last signs of life of a node, and when they came by this process's own clock: nodes' clocks may be wrong. */
interface Signs {
  renewTime?: string | undefined;
  heartbeat?: string | undefined;
  at: number;
}

type Heard = Map<string, Signs>;

export function nodeLifecycle() {
  const heard: Heard = new Map();
  return defineController({
    name: 'node-controller',
    user: controllerUser('node-controller'),
    for: nodes,
    prepare({ informers, clock }) {
      indexByNode(informers.for<Pod>(pods));
      const listen = (lease: Lease) => {
        if (lease.metadata.namespace !== 'kube-node-lease') return;
        note(heard, lease.metadata.name ?? '', { renewTime: lease.spec?.renewTime }, clock.now());
      };
      informers.for<Lease>(leases).listen({ add: listen, update: listen });
    },
    reconcile: (key, context) => reconcile(key, heard, context),
  });
}

/** Remembers a sign of life, if it is a new one. */
function note(heard: Heard, node: string, sign: Omit<Signs, 'at'>, now: number): Signs {
  const known = heard.get(node);
  const isNews = !known || Object.entries(sign).some(([kind, value]) => known[kind as keyof Signs] !== value);
  const signs = isNews ? { ...known, ...sign, at: now } : known;
  heard.set(node, signs);
  return signs;
}

async function reconcile(name: string, heard: Heard, context: ControllerContext): Promise<{ after: number } | void> {
  const { client, informers, clock, events } = context;
  const found = informers.for<Node>(nodes).get(name);
  if (!found) {
    heard.delete(name);
    return;
  }
  const now = clock.now();
  const ready = found.status?.conditions?.find(({ type }) => type === 'Ready');
  const silence = now - note(heard, name, { heartbeat: ready?.lastHeartbeatTime }, now).at;
  const patience = ready ? monitorGracePeriod : startupGracePeriod;
  const all = client.for<Node>(nodes);
  let node = found;
  if (silence >= patience) {
    const conditions = silentConditions(node, now);
    if (!equalJson(conditions, node.status?.conditions)) {
      node = await all.updateStatus({ ...node, status: { ...node.status, conditions } });
      events.event(node, nodes, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    }
  }
  const taints = taintsOf(node, now);
  if (!equalJson(taints, node.spec?.taints ?? [])) {
    const { taints: _, ...spec } = node.spec ?? {};
    node = await all.update({ ...node, spec: { ...spec, ...(taints.length && { taints }) } });
  }
  if (!isNodeReady(node) && conditionOf(node.status?.conditions, 'Ready')) await markPodsNotReady(name, context);
  // A silent node speaks up by changing its conditions, which brings it here.
  return silence < patience ? { after: patience - silence } : undefined;
}

/** Pods of a node that cannot be trusted get no more traffic. */
// Like controllerutil.MarkPodsNotReady.
async function markPodsNotReady(node: string, { client, informers, clock, events }: ControllerContext): Promise<void> {
  const time = timestamp(clock.now());
  for (const pod of podsOn(informers.for<Pod>(pods), node).filter(isReady)) {
    const conditions = (pod.status?.conditions ?? []).map((condition) =>
      condition.type === 'Ready' ? { ...condition, status: 'False' as const, lastTransitionTime: time } : condition,
    );
    try {
      await client.for<Pod>(pods).updateStatus({ ...pod, status: { ...pod.status, conditions } });
      events.event(pod, pods, 'Warning', 'NodeNotReady', 'Node is not ready');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
