/** Writes events about objects, without making anybody wait for them. */
// Like client-go tools/record (most controllers) and tools/events (the scheduler).
import type { Client, ResourceRef } from '../client/client.ts';
import type { Clock } from '../clock.ts';
import type { KubeObject } from '../object.ts';
import { isNotFound } from '../status.ts';
import { formatMicroTime, formatTime } from '../time.ts';
import { EventCorrelator } from './event-correlator.ts';
import { eventName, eventResource, referenceTo, type Event } from './event.ts';
import { Recent } from './recent.ts';

const mostWaiting = 1000;
const atOnce = 16;
const seriesEnds = 360_000;
const longestNote = 1024;

export interface EventRecorder {
  /**
   * About `object`, a kind of `resource`; `fieldPath` names a part of it (`spec.containers{web}`). Returns at once; an
   * event that cannot be written is lost and logged.
   */
  event(
    object: KubeObject,
    resource: ResourceRef,
    type: Event['type'],
    reason: string,
    message: string,
    fieldPath?: string,
  ): void;
  /** An event of the newer sort, with an action, which repeats as a series. */
  action(
    object: KubeObject,
    resource: ResourceRef,
    event: { type: Event['type']; reason: string; action: string; message: string; related?: Event['related'] },
  ): void;
}

/** Where lost events are told of; pino fits. */
export interface EventLog {
  debug(fields: object, message: string): void;
}

export interface EventRecorderOptions {
  client: Client;
  clock: Clock;
  log: EventLog;
  component: string;
  /** `reportingInstance` of the newer sort. */
  instance: string;
  /** The node the component speaks for; absent for those that speak for the cluster. */
  host?: string;
}

type Series = { event: Event; count: number; last: number; planned: boolean };

export function eventRecorder({ client, clock, log, component, instance, host }: EventRecorderOptions): EventRecorder {
  const correlator = new EventCorrelator();
  const series = new Recent<Series>(4096);
  const written = client.for<Event>(eventResource);
  const send = bounded(log);
  let turn = 0;

  const base = (object: KubeObject, resource: ResourceRef): Pick<Event, 'metadata' | 'involvedObject'> => {
    const involvedObject = referenceTo(object, resource);
    const namespace = involvedObject.namespace ?? 'default';
    return { metadata: { name: eventName(involvedObject, clock.now(), turn++), namespace }, involvedObject };
  };

  const patch = async (event: Event, body: object, again: () => Promise<unknown>) => {
    const { name = '', namespace } = event.metadata;
    try {
      await written.patch(name, namespace, body, { type: 'strategic' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await again();
    }
  };

  return {
    event(object, resource, type, reason, message, fieldPath) {
      const now = clock.now();
      const time = formatTime(now);
      const about = base(object, resource);
      const event: Event = {
        ...about,
        ...(fieldPath && { involvedObject: { ...about.involvedObject, fieldPath } }),
        type,
        reason,
        message,
        source: { component, ...(host && { host }) },
        reportingComponent: component,
        ...(host && { reportingInstance: host }),
        firstTimestamp: time,
        lastTimestamp: time,
      };
      const correlated = correlator.correlate(event, now);
      if (correlated.do === 'drop') return;
      const { event: outcome, key } = correlated;
      if (correlated.do === 'create') return send(key, () => written.create(outcome));
      const body = { count: outcome.count, lastTimestamp: outcome.lastTimestamp, message: outcome.message };
      send(key, () => patch(outcome, body, () => written.create(outcome)));
    },

    action(object, resource, { type, reason, action, message, related }) {
      const now = clock.now();
      const event: Event = {
        ...base(object, resource),
        type,
        reason,
        action,
        message: message.slice(0, longestNote),
        reportingComponent: component,
        reportingInstance: instance,
        eventTime: formatMicroTime(now),
        ...(related && { related }),
      };
      const { kind, namespace, name, uid } = event.involvedObject;
      const key = JSON.stringify([kind, namespace, name, uid, type, reason, action]);
      const known = series.get(key);
      if (!known || now - known.last > seriesEnds) {
        series.set(key, { event, count: 1, last: now, planned: false });
        return send(key, () => written.create(event));
      }
      known.count++;
      known.last = now;
      const write = () => {
        known.planned = false;
        const state = { count: known.count, lastObservedTime: formatMicroTime(known.last) };
        send(key, () => patch(known.event, { series: state }, () => written.create({ ...known.event, series: state })));
      };
      if (known.count === 2) return write();
      // Later repetitions are told together, when the series has rested.
      if (known.planned) return;
      known.planned = true;
      clock.after(seriesEnds, write);
    },
  };
}

/** Runs writes, those of one key in order, a few keys at a time; drops what does not fit. */
function bounded(log: EventLog): (key: string, write: () => Promise<unknown>) => void {
  const waiting: { key: string; write: () => Promise<unknown> }[] = [];
  const busy = new Set<string>();
  const next = () => {
    if (busy.size >= atOnce) return;
    const index = waiting.findIndex(({ key }) => !busy.has(key));
    if (index === -1) return;
    const [job] = waiting.splice(index, 1);
    if (!job) return;
    busy.add(job.key);
    void job
      .write()
      .catch((error: unknown) => log.debug({ err: error }, 'event not written'))
      .finally(() => {
        busy.delete(job.key);
        next();
      });
    next();
  };
  return (key, write) => {
    if (waiting.length >= mostWaiting) return log.debug({}, 'too many events waiting, one dropped');
    waiting.push({ key, write });
    next();
  };
}
