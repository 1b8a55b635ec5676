/** PersistentVolume: a piece of storage that outlives pods. */
// Like pkg/registry/core/persistentvolume and ValidatePersistentVolume.
import type { V1PersistentVolume, V1PersistentVolumeStatus } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { formatTime } from '@naru/api/time';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { goDifference } from '../go-difference.ts';
import { goStruct } from '../go-struct.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';
import { roundUpToMilli } from '../quantities.ts';
import { accessModeList, annotatedClass, classAnnotationWarning, storageClassOf } from './access-modes.ts';
import { nodeSelectorTermWarnings } from './node-label-warnings.ts';
import { volumeSourceFields, type VolumeSpec } from './persistent-volume-sources.ts';
import { validateVolumeSpec } from './persistent-volume-spec.ts';
import { setNetworkVolumeDefaults } from './pod/defaults.ts';

type Volume = ObjectFields<V1PersistentVolume>;
const volumeOf = (object: AnyObject): Volume => fieldsOf<V1PersistentVolume>(object);

export const persistentVolume = defineKind({
  kind: 'PersistentVolume',
  scope: 'Cluster',
  shortNames: ['pv'],
  schema: 'k8s.io.api.core.v1.PersistentVolume',
  subresources: ['status'],
  generation: false,
  returnsDeletedObject: true,
  metadataRechecks: 2,

  setDefaults(object) {
    const volume = volumeOf(object);
    setSpecDefaults((volume.spec ??= {}));
    volume.status = { ...volume.status, phase: volume.status?.phase || 'Pending' };
  },

  prepareForCreate(object, { now }) {
    volumeOf(object).status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(now) };
  },

  prepareForUpdate(object, old, context) {
    keepTheOtherPart(object, old, context);
    if (context.subresource !== 'status') return;
    const [status, before] = [volumeOf(object).status ?? {}, volumeOf(old).status ?? {}];
    if (status.phase !== before.phase && isUntouched(status, before))
      status.lastPhaseTransitionTime = formatTime(context.now);
  },

  validate: (object) => validate(volumeOf(object)).list,

  validateUpdate(object, old, { subresource }) {
    if (subresource === 'status') return [];
    // Upstream validates the changed object twice, and names each cause as often.
    const once = validate(volumeOf(object)).list;
    return [...once, ...once, ...validateChange(volumeOf(object), volumeOf(old)).list];
  },

  warnings: (object) => warningsFor(volumeOf(object)),

  columns: [
    { name: 'Capacity', value: (object) => volumeOf(object).spec?.capacity?.['storage'] ?? '0' },
    { name: 'Access Modes', value: (object) => accessModeList(volumeOf(object).spec?.accessModes) },
    { name: 'Reclaim Policy', value: (object) => volumeOf(object).spec?.persistentVolumeReclaimPolicy ?? '' },
    { name: 'Status', value: (object) => phaseOf(volumeOf(object)) },
    { name: 'Claim', value: (object) => claimName(volumeOf(object).spec ?? {}) },
    {
      name: 'StorageClass',
      value: (object) => storageClassOf(object.metadata.annotations, volumeOf(object).spec?.storageClassName),
    },
    {
      name: 'VolumeAttributesClass',
      value: (object) => volumeOf(object).spec?.volumeAttributesClassName ?? '<unset>',
    },
    { name: 'Reason', value: (object) => volumeOf(object).status?.reason ?? '' },
    { name: 'VolumeMode', priority: 1, value: (object) => volumeOf(object).spec?.volumeMode ?? '<unset>' },
  ],

  example: {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'example' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/srv/example' } },
  },
});

// Like SetDefaults_PersistentVolume and those of the sources.
function setSpecDefaults(spec: VolumeSpec): void {
  spec.persistentVolumeReclaimPolicy ||= 'Retain';
  spec.volumeMode ??= 'Filesystem';
  if (spec.hostPath) spec.hostPath.type ??= '';
  setNetworkVolumeDefaults(spec);
  for (const [name, quantity] of Object.entries(spec.capacity ?? {}))
    if (spec.capacity) spec.capacity[name] = roundUpToMilli(quantity);
}

const isUntouched = (status: Fields<V1PersistentVolumeStatus>, before: Fields<V1PersistentVolumeStatus>): boolean =>
  !status.lastPhaseTransitionTime || status.lastPhaseTransitionTime === before.lastPhaseTransitionTime;

function validate({ spec = {} }: Volume): FieldErrors {
  const errors = new FieldErrors();
  validateVolumeSpec(spec, 'spec', errors);
  return errors;
}

function validateChange({ spec = {} }: Volume, { spec: before = {} }: Volume): FieldErrors {
  const errors = new FieldErrors();
  const [source, sourceBefore] = [sourceOf(spec), sourceOf(before)];
  // Where a volume can be expanded may be told later.
  if (!before.csi?.controllerExpandSecretRef && source.csi) delete source.csi.controllerExpandSecretRef;
  if (!semanticallyEqual(source, sourceBefore))
    errors.forbidden(
      'spec.persistentvolumesource',
      `spec.persistentvolumesource is immutable after creation\n${goDifference(sourceBefore, source, 'k8s.io.api.core.v1.PersistentVolumeSource')}`,
    );
  if (spec.volumeMode !== before.volumeMode)
    errors.invalid('volumeMode', spec.volumeMode ?? null, 'field is immutable');
  if (before.nodeAffinity && !semanticallyEqual(spec.nodeAffinity, before.nodeAffinity))
    errors.invalid(
      'nodeAffinity',
      spec.nodeAffinity ? goStruct(spec.nodeAffinity, 'k8s.io.api.core.v1.VolumeNodeAffinity') : null,
      'field is immutable, except for updating from beta label to GA',
    );
  if (before.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    errors.forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden');
  return errors;
}

/** What the volume is made of, apart from how it is used. */
function sourceOf(spec: VolumeSpec): VolumeSpec {
  const source: VolumeSpec = Object.fromEntries(
    volumeSourceFields.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]]])),
  );
  return source.csi ? { ...source, csi: { ...source.csi } } : source;
}

const phaseOf = ({ metadata, status }: Volume): string =>
  metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '');

const claimName = ({ claimRef }: VolumeSpec): string =>
  claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : '';

const deprecatedSources = [
  ['cephfs', 'spec.cephfs: deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'spec.photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'spec.scaleIO: deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'spec.storageOS: deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'spec.glusterfs: deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'spec.rbd: deprecated in v1.28, non-functional in v1.31+'],
] as const;

// Like GetWarningsForPersistentVolume of pkg/api/persistentvolume.
function warningsFor({ metadata, spec = {} }: Volume): string[] {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...(annotatedClass(metadata.annotations) === undefined ? [] : [classAnnotationWarning]),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...terms.flatMap((term, index) =>
      nodeSelectorTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`),
    ),
    ...deprecatedSources.flatMap(([field, warning]) => (spec[field] ? [warning] : [])),
  ];
}
