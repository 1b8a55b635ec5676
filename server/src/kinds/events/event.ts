/** Event (events.k8s.io/v1): the same objects as core/v1's, under newer names and stricter rules. */
// Like pkg/registry/core/event with the events.k8s.io group version.
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { eventColumns } from './event-columns.ts';
import { coreEventOf, fromCoreEvent, newEventOf, toCoreEvent } from './event-fields.ts';
import { validateLegacyEvent, validateNewEvent, validateNewEventUpdate } from './validate-event.ts';

const coreOf = (object: AnyObject) => coreEventOf(toCoreEvent(object));

export const newEvent = defineKind({
  group: 'events.k8s.io',
  kind: 'Event',
  shortNames: ['ev'],
  schema: 'k8s.io.api.events.v1.Event',
  allowCreateOnUpdate: true,
  conversion: { stored: { group: '', version: 'v1' }, toStored: toCoreEvent, fromStored: fromCoreEvent },

  validate(object) {
    const errors = new FieldErrors();
    validateLegacyEvent(coreOf(object), 'reportingController', errors);
    validateNewEvent(coreOf(object), errors);
    return errors.list;
  },

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    validateLegacyEvent(coreOf(object), 'reportingController', errors);
    validateNewEventUpdate(coreOf(object), coreOf(old), errors);
    return errors.list;
  },

  selectableFields: {
    'regarding.kind': (object) => newEventOf(object).regarding?.kind ?? '',
    'regarding.namespace': (object) => newEventOf(object).regarding?.namespace ?? '',
    'regarding.name': (object) => newEventOf(object).regarding?.name ?? '',
    'regarding.uid': (object) => newEventOf(object).regarding?.uid ?? '',
    'regarding.apiVersion': (object) => newEventOf(object).regarding?.apiVersion ?? '',
    'regarding.resourceVersion': (object) => newEventOf(object).regarding?.resourceVersion ?? '',
    'regarding.fieldPath': (object) => newEventOf(object).regarding?.fieldPath ?? '',
    reason: (object) => newEventOf(object).reason ?? '',
    reportingController: (object) => newEventOf(object).reportingController ?? '',
    type: (object) => newEventOf(object).type ?? '',
  },

  columns: eventColumns(coreOf),
  columnsComplete: true,

  example: {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'example', namespace: 'default' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', name: 'example', namespace: 'default' },
    reason: 'Example',
    action: 'Explaining',
    type: 'Normal',
    reportingController: 'example.com/controller',
    reportingInstance: 'example-1',
  },
});
