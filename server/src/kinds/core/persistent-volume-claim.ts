/** PersistentVolumeClaim: storage that somebody asks for. */
// Like pkg/registry/core/persistentvolumeclaim and ValidatePersistentVolumeClaim.
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { ObjectFields } from '../fields.ts';
import { isWhole } from '../quantities.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';
import { accessModeList, annotatedClass, classAnnotationWarning, storageClassOf } from './access-modes.ts';
import { dropForeignDataSource, syncDataSources } from './claim-data-sources.ts';
import { setClaimSpecDefaults, validateClaimSpec, type ClaimSpec } from './claim-spec.ts';
import { validateClaimChange, validateClaimStatus } from './claim-update.ts';

type Claim = ObjectFields<V1PersistentVolumeClaim>;
const claimOf = (object: AnyObject): Claim => fieldsOf<V1PersistentVolumeClaim>(object);

export const persistentVolumeClaim = defineKind({
  kind: 'PersistentVolumeClaim',
  shortNames: ['pvc'],
  schema: 'k8s.io.api.core.v1.PersistentVolumeClaim',
  subresources: ['status'],
  generation: false,
  returnsDeletedObject: true,
  metadataRechecks: 2,

  setDefaults(object) {
    const claim = claimOf(object);
    setClaimSpecDefaults((claim.spec ??= {}));
    claim.status = { ...claim.status, phase: claim.status?.phase || 'Pending' };
  },

  prepareForCreate(object) {
    const claim = claimOf(object);
    claim.status = { phase: 'Pending' };
    const spec = (claim.spec ??= {});
    dropForeignDataSource(spec);
    syncDataSources(spec);
  },

  prepareForUpdate(object, old, context) {
    keepTheOtherPart(object, old, context);
    if (context.subresource === 'status') return;
    const spec = (claimOf(object).spec ??= {});
    dropForeignDataSource(spec, claimOf(old).spec);
    syncDataSources(spec);
  },

  validate: (object) => validate(claimOf(object)).list,

  validateUpdate(object, old, { subresource }) {
    const [claim, before] = [claimOf(object), claimOf(old)];
    if (subresource === 'status') return validateClaimStatus(claim.status ?? {}, claim.spec ?? {}).list;
    // Upstream validates the changed object twice, and names each cause as often.
    const once = validate(claim).list;
    return [...once, ...once, ...validateClaimChange(claim, before).list];
  },

  warnings(object) {
    const { metadata, spec = {} } = claimOf(object);
    return [
      ...(annotatedClass(metadata.annotations) === undefined ? [] : [classAnnotationWarning]),
      ...fractionWarnings(spec, 'requests'),
      ...fractionWarnings(spec, 'limits'),
    ];
  },

  columns: [
    { name: 'Status', value: (object) => phaseOf(claimOf(object)) },
    { name: 'Volume', value: (object) => claimOf(object).spec?.volumeName ?? '' },
    { name: 'Capacity', value: (object) => boundPart(claimOf(object)).capacity },
    { name: 'Access Modes', value: (object) => boundPart(claimOf(object)).accessModes },
    {
      name: 'StorageClass',
      value: (object) => storageClassOf(object.metadata.annotations, claimOf(object).spec?.storageClassName),
    },
    {
      name: 'VolumeAttributesClass',
      value: (object) => claimOf(object).spec?.volumeAttributesClassName ?? '<unset>',
    },
    { name: 'VolumeMode', priority: 1, value: (object) => claimOf(object).spec?.volumeMode ?? '<unset>' },
  ],

  example: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'example' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
});

function validate({ spec = {} }: Claim): FieldErrors {
  const errors = new FieldErrors();
  validateClaimSpec(spec, 'spec', errors);
  return errors;
}

function fractionWarnings({ resources }: ClaimSpec, list: 'requests' | 'limits'): string[] {
  const quantity = resources?.[list]?.['storage'];
  if (quantity === undefined || isWhole(quantity)) return [];
  return [`spec.resources.${list}[storage]: fractional byte value "${quantity}" is invalid, must be an integer`];
}

const phaseOf = ({ metadata, status }: Claim): string =>
  metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '');

/** What is only known of a claim that has its volume. */
function boundPart({ spec, status }: Claim): { capacity: string; accessModes: string } {
  if (!spec?.volumeName) return { capacity: '', accessModes: '' };
  return { capacity: status?.capacity?.['storage'] ?? '0', accessModes: accessModeList(status?.accessModes) };
}
