/** Events in plain words; those without one are told in the words they came with. */
import { type Message, type MessageKey, message } from '../i18n/message';
import type { ClusterEvent } from './cluster-event';

const words: Readonly<Record<string, MessageKey>> = {
  BackOff: 'event.backOff',
  Completed: 'event.completed',
  Created: 'event.created',
  Evicted: 'event.evicted',
  FailedCreate: 'event.failedCreate',
  FailedDaemonPod: 'event.failedCreate',
  FailedMount: 'event.failedMount',
  FailedPostStartHook: 'event.failedHook',
  FailedPreStopHook: 'event.failedHook',
  FailedScheduling: 'event.failedScheduling',
  Killing: 'event.killing',
  NodeNotReady: 'event.nodeNotReady',
  NodeReady: 'event.nodeReady',
  Preempted: 'event.preempted',
  ProvisioningSucceeded: 'event.provisioned',
  Pulled: 'event.pulled',
  Pulling: 'event.pulling',
  SawCompletedJob: 'event.jobDone',
  Scheduled: 'event.scheduled',
  Started: 'event.started',
  SuccessfulCreate: 'event.successfulCreate',
  SuccessfulDelete: 'event.successfulDelete',
  SuccessfulRescale: 'event.rescaled',
  Unhealthy: 'event.unhealthy',
};

/** Undefined when there are no plain words for it. */
export function eventWords({ reason = '', message: text = '', involvedObject }: ClusterEvent): Message | undefined {
  const name = involvedObject?.name ?? '';
  if (reason === 'ScalingReplicaSet') return scalingWords(text);
  if (reason === 'Pulled' && text.includes('already present')) return message('event.present', imageIn(text));
  if (reason === 'Failed') return failedWords(text);
  if (reason === 'BackOff' && text.startsWith('Back-off pulling')) return message('event.pullBackOff', imageIn(text));
  const key = Object.hasOwn(words, reason) ? words[reason] : undefined;
  return key && message(key, { name, ...imageIn(text) });
}

/** The image is what stands first in quotation marks. */
function imageIn(text: string): { readonly image: string } {
  return { image: /"([^"]{1,256})"/.exec(text)?.[1] ?? '' };
}

/** Like the sentences of pkg/controller/deployment/sync.go: "Scaled up replica set web-5c7 from 1 to 3". */
function scalingWords(text: string): Message | undefined {
  const [, direction, to] = /^Scaled (up|down) replica set \S+ (?:from \d+ )?to (\d+)/.exec(text) ?? [];
  if (direction === undefined || to === undefined) return undefined;
  return message(direction === 'up' ? 'event.scaledUp' : 'event.scaledDown', { count: to });
}

/** The kubelet says Failed of many things; of which, its sentence tells. */
function failedWords(text: string): Message {
  if (/pull|ErrImage/i.test(text)) {
    const { image } = imageIn(text);
    return image ? message('event.pullFailed', { image }) : message('event.pullFailedAgain');
  }
  return message('event.failed');
}
