/** Keeps the Node's status true: looks every ten seconds, writes when something changed and every five minutes. */
// Like pkg/kubelet kubelet_node_status.go tryUpdateNodeStatus.
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { EventRecorder } from '@naru/api/events/event-recorder';
import { formatTime } from '@naru/api/time';
import type { Machine } from '../node/machine.ts';
import { nodeResource, type Node, type NodeCondition, type NodeStatus } from '../node/node-object.ts';
import { differs, nodeStatus, type NodeIdentity, type NodeObservation } from '../node/node-status.ts';

export const lookEvery = 10_000;
const writeEvery = 300_000;

export interface ReportOptions {
  client: Client;
  clock: Clock;
  recorder: EventRecorder;
  identity: NodeIdentity;
  machine: Machine;
  observe: () => Promise<NodeObservation>;
  /** As registered. */
  node: Node;
  onError: (error: unknown) => void;
}

/** Starts at once. `look` looks now, e.g. when the engine came back; `stop` ends it. */
export function reportNode(options: ReportOptions): { look(): Promise<void>; stop(): void } {
  const { client, clock, identity, machine, observe, onError } = options;
  const nodes = client.for<Node>(nodeResource);
  let written: Partial<NodeStatus> | undefined = options.node.status;
  let writtenAt = 0;
  let cancel = () => {};
  let stopped = false;

  const look = async () => {
    const now = clock.now();
    const status = nodeStatus(identity, machine, await observe(), {
      previous: written?.conditions ?? [],
      now: formatTime(now),
    });
    if (writtenAt && now - writtenAt < writeEvery && !differs(written, status)) return;
    const patched = await nodes.patch(
      identity.name,
      undefined,
      { status },
      { type: 'strategic', subresource: 'status' },
    );
    tellTransitions(options, patched, written?.conditions ?? [], status.conditions);
    written = status;
    writtenAt = now;
  };

  const turn = async () => {
    await look().catch(onError);
    if (!stopped) cancel = clock.after(lookEvery, () => void turn());
  };
  void turn();
  return {
    look: () => look().catch(onError),
    stop() {
      stopped = true;
      cancel();
    },
  };
}

const readyReasons = { True: 'NodeReady', False: 'NodeNotReady', Unknown: 'NodeNotReady' } as const;

function tellTransitions(
  { recorder, identity }: ReportOptions,
  node: Node,
  before: readonly NodeCondition[],
  after: readonly NodeCondition[],
): void {
  for (const { type, status, reason } of after) {
    if (before.find((condition) => condition.type === type)?.status === status) continue;
    const name = type === 'Ready' ? readyReasons[status] : reason.replace(/^Kubelet/, 'Node');
    recorder.event(node, nodeResource, 'Normal', name, `Node ${identity.name} status is now: ${name}`);
  }
}
