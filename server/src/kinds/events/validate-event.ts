/** What is wrong with an event. Errors name core fields, whichever group version was written. */
// Like pkg/apis/core/validation/events.go.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Subdomain, checkQualifiedName } from '@naru/api/names';
import { semanticallyEqual } from '../equality.ts';
import { goStruct } from '../go-struct.ts';
import type { CoreEvent } from './event-fields.ts';

const lengths = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/** `controllerField` is what the reporting controller is called in the group version written. */
export function validateLegacyEvent(event: CoreEvent, controllerField: string, errors: FieldErrors): void {
  const { metadata, involvedObject, eventTime, reportingComponent = '' } = event;
  const namespace = metadata.namespace ?? '';
  const about = involvedObject?.namespace ?? '';
  const mismatch = () => errors.invalid('involvedObject.namespace', about, 'does not match event.namespace');
  if (!eventTime) {
    if (about ? about !== namespace : namespace && namespace !== 'default') mismatch();
  } else {
    if (!about && namespace !== 'default' && namespace !== 'kube-system') mismatch();
    if (!reportingComponent) errors.required(controllerField);
    errors.invalidEach(controllerField, reportingComponent, checkQualifiedName(reportingComponent));
    for (const field of ['reportingInstance', 'action', 'reason'] as const) {
      if (!event[field]) errors.required(field);
      validateLength(event, field, errors);
    }
    validateLength(event, 'message', errors);
  }
  errors.invalidEach('namespace', namespace, checkDNS1123Subdomain(namespace));
}

function validateLength(event: CoreEvent, field: keyof typeof lengths, errors: FieldErrors): void {
  if (Buffer.byteLength(event[field] ?? '') > lengths[field])
    errors.invalid(field, '', `can have at most ${lengths[field]} characters`);
}

/** What events.k8s.io asks beyond. */
export function validateNewEvent(event: CoreEvent, errors: FieldErrors): void {
  validateSeries(event, errors);
  if (!event.eventTime) errors.required('eventTime');
  const { type = '', source = {} } = event;
  if (type !== 'Normal' && type !== 'Warning') errors.invalid('type', '', `has invalid value: ${type}`);
  for (const field of ['firstTimestamp', 'lastTimestamp', 'count'] as const)
    if (event[field]) errors.invalid(field, '', 'needs to be unset');
  if (source.component || source.host) errors.invalid('source', '', 'needs to be unset');
}

function validateSeries({ series }: CoreEvent, errors: FieldErrors): void {
  if (!series) return;
  if ((series.count ?? 0) < 2) errors.invalid('series.count', '', 'should be at least 2');
  if (!series.lastObservedTime) errors.required('series.lastObservedTime');
}

// In upstream's order, reason twice as there.
const fixed: readonly [field: keyof CoreEvent, shown: string, zero: unknown, type?: string][] = [
  ['involvedObject', 'involvedObject', {}, 'k8s.io.api.core.v1.ObjectReference'],
  ['reason', 'reason', ''],
  ['message', 'message', ''],
  ['source', 'source', {}, 'k8s.io.api.core.v1.EventSource'],
  ['firstTimestamp', 'firstTimestamp', null],
  ['lastTimestamp', 'lastTimestamp', null],
  ['count', 'count', 0],
  ['reason', 'reason', ''],
  ['type', 'type', ''],
  ['eventTime', 'eventTime', null],
  ['action', 'action', ''],
  ['related', 'related', null, 'k8s.io.api.core.v1.ObjectReference'],
  ['reportingComponent', 'reportingController', ''],
  ['reportingInstance', 'reportingInstance', ''],
];

/** Through events.k8s.io only the series may change. */
export function validateNewEventUpdate(event: CoreEvent, old: CoreEvent, errors: FieldErrors): void {
  if (!semanticallyEqual(event.series, old.series)) validateSeries(event, errors);
  for (const [field, shown, zero, type] of fixed) {
    const value = event[field] ?? zero;
    if (semanticallyEqual(value, old[field] ?? zero)) continue;
    errors.invalid(shown, type && value !== null ? goStruct(value, type) : value, 'field is immutable');
  }
}
