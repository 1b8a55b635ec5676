/** How a Table shows events; the same for both group versions. */
// Like printEvent of pkg/printers/internalversion.
import type { AnyObject } from '@naru/api/object';
import type { Column } from '../define-kind.ts';
import { nameColumn, sinceOrUnknown } from '../table-columns.ts';
import type { CoreEvent } from './event-fields.ts';

/** `coreOf` gives the event in its core shape. */
export function eventColumns(coreOf: (object: AnyObject) => CoreEvent): Column[] {
  const column = (name: string, value: (event: CoreEvent, now: number) => unknown, priority = 0): Column => ({
    name,
    priority,
    value: (object, now) => value(coreOf(object), now),
  });
  return [
    column('Last Seen', lastSeen),
    column('Type', ({ type = '' }) => type),
    column('Reason', ({ reason = '' }) => reason),
    column('Object', target),
    column('Subobject', ({ involvedObject }) => involvedObject?.fieldPath ?? '', 1),
    column('Source', source, 1),
    column('Message', ({ message = '' }) => message.trim()),
    column('First Seen', firstSeen, 1),
    column('Count', ({ series, count }) => series?.count ?? (count || 1), 1),
    { ...nameColumn, priority: 1 },
  ];
}

const firstSeen = ({ firstTimestamp, eventTime }: CoreEvent, now: number) =>
  sinceOrUnknown(firstTimestamp || eventTime, now);

function lastSeen(event: CoreEvent, now: number): string {
  if (event.series) return sinceOrUnknown(event.series.lastObservedTime, now);
  return event.lastTimestamp ? sinceOrUnknown(event.lastTimestamp, now) : firstSeen(event, now);
}

function target({ involvedObject = {} }: CoreEvent): string {
  const { kind = '', name } = involvedObject;
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function source({ source: from = {}, reportingComponent = '', reportingInstance = '' }: CoreEvent): string {
  return [from.component || reportingComponent, from.host || reportingInstance].filter(Boolean).join(', ');
}
