/** What is kept of the moment an alert fired: the container's last words, and what was said about its pod. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { Event } from '@naru/api/events/event';
import * as resources from '../runtime/resources.ts';
import type { Evidence, EvidenceEvent } from './alert.ts';
import type { Finding } from './rule.ts';

const mostLines = 20;
const longestLine = 500;
const mostEvents = 5;
const patience = 5_000;

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The run before the present one. */
  readonly previous: boolean;
  readonly lines: number;
}

/** The last lines of a container's log, from the kubelet. */
export type ReadLog = (request: LogRequest, signal: AbortSignal) => Promise<string[]>;

export interface EvidenceOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly readLog: ReadLog | undefined;
}

/** What can be had within a few seconds; what cannot is left out. */
export async function gatherEvidence(
  namespace: string,
  { pod, container, previous = false }: NonNullable<Finding['witness']>,
  { client, clock, readLog }: EvidenceOptions,
): Promise<Evidence> {
  const late = new AbortController();
  const cancel = clock.after(patience, () => late.abort());
  const asked = { namespace, pod, container: container ?? '', previous, lines: mostLines };
  const [logs, events] = await Promise.all([
    container && readLog ? readLog(asked, late.signal).catch(() => []) : [],
    eventsAbout(namespace, pod, client).catch(() => []),
  ]);
  cancel();
  return {
    ...(logs.length && { logs: logs.slice(-mostLines).map((line) => line.slice(0, longestLine)) }),
    ...(events.length && { events }),
  };
}

/** The last of what was said about a pod, oldest first. */
export async function eventsAbout(namespace: string, pod: string, client: Client): Promise<EvidenceEvent[]> {
  const { items } = await client
    .for<Event>(resources.events)
    .list({ namespace, fieldSelector: `involvedObject.name=${pod}` });
  const when = ({ lastTimestamp, eventTime, metadata }: Event) =>
    lastTimestamp || eventTime || metadata.creationTimestamp || '';
  return items
    .sort((a, b) => (when(a) < when(b) ? -1 : 1))
    .slice(-mostEvents)
    .map((event) => ({
      reason: event.reason,
      message: event.message.slice(0, longestLine),
      count: event.count ?? 1,
      time: when(event).replace(/\.\d+Z$/, 'Z'),
    }));
}
