/** Plays the kubelets of all nodes: pods get a node, start, end as they are told to, and go when they are asked to. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { isConflict, isNotFound } from '@naru/api/status';
import type { Pod } from '../../controllers/runtime/pod.ts';
import { isFinished, isReady, isTerminating } from '../../controllers/runtime/pod.ts';
import { pods } from '../../controllers/runtime/resources.ts';
import { timestamp } from '../../controllers/runtime/timestamp.ts';

export type Phase = 'Running' | 'Succeeded' | 'Failed';

export class SimulatedKubelet {
  readonly #client: Client;
  readonly #clock: Clock;

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Takes a pod one step further: bound, running and ready, or gone. */
  async advance(pod: Pod): Promise<void> {
    const { name = '', namespace } = pod.metadata;
    if (isTerminating(pod)) return this.remove(pod);
    if (isFinished(pod)) return;
    if (!pod.spec.nodeName) {
      const target = { kind: 'Node', name: nodeFor(pod) };
      const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
      return ignoringLate(this.#client.for(pods).createSubresource(name, namespace, 'binding', binding));
    }
    if (pod.status?.phase !== 'Running' || !isReady(pod)) await this.report(pod, 'Running', true);
  }

  async remove({ metadata: { name = '', namespace, uid } }: Pod): Promise<void> {
    const options = { gracePeriodSeconds: 0, preconditions: { ...(uid && { uid }) } };
    await ignoringLate(this.#client.for(pods).delete(name, namespace, options));
  }

  async report({ metadata: { name = '', namespace, uid } }: Pod, phase: Phase, ready: boolean): Promise<void> {
    const now = timestamp(this.#clock.now());
    const address = `10.244.0.${1 + (parseInt((uid ?? '0').slice(-2), 16) % 250)}`;
    const exitCode = phase === 'Failed' ? 1 : 0;
    const status = {
      phase,
      podIP: address,
      podIPs: [{ ip: address }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: now }],
      ...(phase !== 'Running' && {
        containerStatuses: [
          {
            ...{ name: 'main', image: 'i', imageID: '', ready: false, restartCount: 0 },
            state: { terminated: { exitCode, finishedAt: now, startedAt: now } },
          },
        ],
      }),
    };
    const body = { metadata: { uid }, status };
    await ignoringLate(
      this.#client.for(pods).patch(name, namespace, body, { type: 'strategic', subresource: 'status' }),
    );
  }
}

/** Daemon pods say which node they are for. */
export function nodeFor({ spec }: Pod): string {
  const [term] = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return spec.nodeName ?? term?.matchFields?.[0]?.values?.[0] ?? 'somewhere';
}

/** The pod went, or moved on, while the kubelet was at it. */
async function ignoringLate(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
