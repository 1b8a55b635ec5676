/** Event (core/v1): something that happened to an object, kept for a while. */
// Like pkg/registry/core/event.
import { FieldErrors } from '@naru/api/field-errors';
import { pathSegmentName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { eventColumns } from '../events/event-columns.ts';
import { coreEventOf } from '../events/event-fields.ts';
import { validateLegacyEvent } from '../events/validate-event.ts';

export const event = defineKind({
  kind: 'Event',
  shortNames: ['ev'],
  schema: 'k8s.io.api.core.v1.Event',
  allowCreateOnUpdate: true,
  anyFinalizer: true,
  metadataApart: true,
  validateName: pathSegmentName,

  validate,
  validateUpdate: validate,

  selectableFields: {
    'involvedObject.kind': (object) => coreEventOf(object).involvedObject?.kind ?? '',
    'involvedObject.namespace': (object) => coreEventOf(object).involvedObject?.namespace ?? '',
    'involvedObject.name': (object) => coreEventOf(object).involvedObject?.name ?? '',
    'involvedObject.uid': (object) => coreEventOf(object).involvedObject?.uid ?? '',
    'involvedObject.apiVersion': (object) => coreEventOf(object).involvedObject?.apiVersion ?? '',
    'involvedObject.resourceVersion': (object) => coreEventOf(object).involvedObject?.resourceVersion ?? '',
    'involvedObject.fieldPath': (object) => coreEventOf(object).involvedObject?.fieldPath ?? '',
    reason: (object) => coreEventOf(object).reason ?? '',
    reportingComponent: (object) => coreEventOf(object).reportingComponent ?? '',
    source: (object) => coreEventOf(object).source?.component || (coreEventOf(object).reportingComponent ?? ''),
    type: (object) => coreEventOf(object).type ?? '',
  },

  columns: eventColumns(coreEventOf),
  columnsComplete: true,

  example: {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'example', namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'example', namespace: 'default' },
    reason: 'Example',
    message: 'Something happened.',
    type: 'Normal',
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  validateLegacyEvent(coreEventOf(object), 'reportingComponent', errors);
  return errors.list;
}
