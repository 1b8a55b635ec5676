/** CSIDriver: a program that makes and attaches volumes, and what it needs. */
// Like pkg/registry/storage/csidriver and ValidateCSIDriver.
import type { StorageV1TokenRequest, V1CSIDriver, V1CSIDriverSpec } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { noCsiDrivers } from './no-csi-drivers.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';

type Spec = Fields<V1CSIDriverSpec>;
const specOf = (object: AnyObject): Spec => fieldsOf<V1CSIDriver>(object).spec ?? {};

const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];
const lifecycleModes = ['Persistent', 'Ephemeral'];
const shortestToken = 600;
const longestToken = 2 ** 32;
const shortestUpdatePeriod = 10;

export const csiDriver = defineKind({
  group: 'storage.k8s.io',
  kind: 'CSIDriver',
  scope: 'Cluster',
  schema: 'k8s.io.api.storage.v1.CSIDriver',
  notActedOn: noCsiDrivers,
  generation: false,
  returnsDeletedObject: true,
  allowUnconditionalUpdate: false,

  setDefaults(object) {
    const spec = (fieldsOf<V1CSIDriver>(object).spec ??= {});
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },

  // Only what nodes must learn of counts as a new generation.
  prepareForUpdate({ metadata, ...object }, old) {
    const [spec, before] = [specOf({ metadata, ...object }), specOf(old)];
    const isNews = (['tokenRequests', 'requiresRepublish', 'seLinuxMount'] as const).some(
      (field) => !semanticallyEqual(spec[field], before[field]),
    );
    if (isNews) metadata.generation = (old.metadata.generation ?? 0) + 1;
  },

  validate: (object) => validateSpec(specOf(object)).list,
  validateUpdate: (object, old) => validateChange(specOf(object), specOf(old)).list,

  columns: [
    { name: 'AttachRequired', type: 'boolean', value: (object) => specOf(object).attachRequired ?? true },
    { name: 'PodInfoOnMount', type: 'boolean', value: (object) => specOf(object).podInfoOnMount ?? false },
    { name: 'StorageCapacity', type: 'boolean', value: (object) => specOf(object).storageCapacity ?? false },
    {
      name: 'TokenRequests',
      value: (object) =>
        (specOf(object).tokenRequests ?? []).map(({ audience = '' }) => audience).join(',') || '<unset>',
    },
    { name: 'RequiresRepublish', type: 'boolean', value: (object) => specOf(object).requiresRepublish ?? false },
    { name: 'Modes', value: (object) => (specOf(object).volumeLifecycleModes ?? []).join(',') || '<none>' },
  ],

  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'example.com' },
    spec: { attachRequired: false },
  },
});

function validateSpec(spec: Spec): FieldErrors {
  const errors = new FieldErrors();
  if (spec.attachRequired === undefined) errors.required('spec.attachedRequired');
  if (spec.podInfoOnMount === undefined) errors.required('spec.podInfoOnMount');
  if (spec.storageCapacity === undefined) errors.required('spec.storageCapacity');
  if (spec.fsGroupPolicy !== undefined && !groupPolicies.includes(spec.fsGroupPolicy))
    errors.notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, groupPolicies);
  validateTokenRequests(spec.tokenRequests ?? [], errors);
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!lifecycleModes.includes(mode)) errors.notSupported('spec.volumeLifecycleModes', mode, lifecycleModes);
  validateMutable(spec, errors);
  return errors;
}

function validateMutable(
  { seLinuxMount, nodeAllocatableUpdatePeriodSeconds: period }: Spec,
  errors: FieldErrors,
): void {
  if (seLinuxMount === undefined) errors.required('spec.seLinuxMount');
  if (period !== undefined && period < shortestUpdatePeriod)
    errors.invalid(
      'spec.nodeAllocatableUpdatePeriodSeconds',
      period,
      `must be greater than or equal to ${shortestUpdatePeriod} seconds`,
    );
}

function validateTokenRequests(requests: readonly Fields<StorageV1TokenRequest>[], errors: FieldErrors): void {
  const audiences = new Set<string>();
  requests.forEach(({ audience = '', expirationSeconds: seconds }, index) => {
    const path = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) errors.duplicate(`${path}.audience`, audience);
    else audiences.add(audience);
    if (seconds === undefined) return;
    if (seconds < shortestToken)
      errors.invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes');
    if (seconds > longestToken)
      errors.invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds');
  });
}

function validateChange(spec: Spec, old: Spec): FieldErrors {
  const errors = new FieldErrors();
  for (const field of ['attachRequired', 'volumeLifecycleModes'] as const)
    if (!semanticallyEqual(spec[field], old[field]))
      errors.invalid(`spec.${field}`, spec[field] ?? null, 'field is immutable');
  validateTokenRequests(spec.tokenRequests ?? [], errors);
  validateMutable(spec, errors);
  return errors;
}
