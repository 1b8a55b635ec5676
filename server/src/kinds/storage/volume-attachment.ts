/** VolumeAttachment: that a volume is to be attached to a node, and whether it is. */
// Like pkg/registry/storage/volumeattachment and ValidateVolumeAttachment.
import type {
  V1VolumeAttachment,
  V1VolumeAttachmentSource,
  V1VolumeAttachmentStatus,
  V1VolumeError,
} from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { subdomainName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { setNetworkVolumeDefaults } from '../core/pod/defaults.ts';
import { validateVolumeSpec } from '../core/persistent-volume-spec.ts';
import { validateCSIDriverName } from '../core/volume-sources.ts';
import { defineKind } from '../define-kind.ts';
import { noCsiDrivers } from './no-csi-drivers.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';

type Attachment = ObjectFields<V1VolumeAttachment>;
const attachmentOf = (object: AnyObject): Attachment => fieldsOf<V1VolumeAttachment>(object);

const largestMetadata = 256 * 1024;
const longestMessage = 1024;
const maxInt32 = 2 ** 31 - 1;

export const volumeAttachment = defineKind({
  group: 'storage.k8s.io',
  kind: 'VolumeAttachment',
  scope: 'Cluster',
  schema: 'k8s.io.api.storage.v1.VolumeAttachment',
  notActedOn: noCsiDrivers,
  subresources: ['status'],
  generation: false,
  returnsDeletedObject: true,
  allowUnconditionalUpdate: false,

  setDefaults(object) {
    const inline = attachmentOf(object).spec?.source?.inlineVolumeSpec;
    if (!inline) return;
    if (inline.hostPath) inline.hostPath.type ??= '';
    setNetworkVolumeDefaults(inline);
  },

  prepareForCreate(object) {
    attachmentOf(object).status = { attached: false };
  },
  prepareForUpdate: keepTheOtherPart,

  validate: (object) => validate(attachmentOf(object)).list,

  validateUpdate(object, old) {
    const errors = validate(attachmentOf(object));
    if (!semanticallyEqual(object['spec'], old['spec']))
      errors.invalid(
        'spec',
        goStruct(object['spec'], 'k8s.io.api.storage.v1.VolumeAttachmentSpec'),
        'field is immutable',
      );
    return errors.list;
  },

  columns: [
    { name: 'Attacher', format: 'name', value: (object) => attachmentOf(object).spec?.attacher ?? '' },
    { name: 'PV', value: (object) => attachmentOf(object).spec?.source?.persistentVolumeName ?? '' },
    { name: 'Node', value: (object) => attachmentOf(object).spec?.nodeName ?? '' },
    { name: 'Attached', type: 'boolean', value: (object) => attachmentOf(object).status?.attached ?? false },
  ],

  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: 'example' },
    spec: { attacher: 'example.com', nodeName: 'example', source: { persistentVolumeName: 'example' } },
  },
});

function validate({ spec = {}, status = {} }: Attachment): FieldErrors {
  const errors = new FieldErrors();
  const { attacher = '', source = {}, nodeName = '' } = spec;
  validateCSIDriverName(attacher, 'spec.attacher', errors);
  validateSource(source, 'spec.source', errors);
  errors.invalidEach('spec.nodeName', nodeName, subdomainName(nodeName, { generateName: false }));
  validateStatus(status, errors);
  const volume = source.persistentVolumeName;
  if (volume !== undefined)
    errors.invalidEach('spec.source.persistentVolumeName', volume, subdomainName(volume, { generateName: false }));
  return errors;
}

const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

function validateSource(
  { persistentVolumeName, inlineVolumeSpec }: Fields<V1VolumeAttachmentSource>,
  path: string,
  errors: FieldErrors,
): void {
  if (inlineVolumeSpec && persistentVolumeName !== undefined) errors.forbidden(path, exactlyOne);
  else if (inlineVolumeSpec)
    validateVolumeSpec(inlineVolumeSpec, `${path}.inlineVolumeSpec`, errors, { isInline: true });
  else if (persistentVolumeName === undefined) errors.required(path, exactlyOne);
  else if (!persistentVolumeName)
    errors.required(`${path}.persistentVolumeName`, 'must specify non empty persistentVolumeName');
}

function validateStatus(
  { attachmentMetadata = {}, attachError, detachError }: Fields<V1VolumeAttachmentStatus>,
  errors: FieldErrors,
): void {
  let size = 0;
  for (const [key, value] of Object.entries(attachmentMetadata))
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  if (size > largestMetadata) errors.tooLong('status.attachmentMetadata', largestMetadata);
  if (attachError) validateVolumeError(attachError, 'status.attachError', errors);
  if (detachError) validateVolumeError(detachError, 'status.detachError', errors);
}

function validateVolumeError(
  { message = '', errorCode }: Fields<V1VolumeError>,
  path: string,
  errors: FieldErrors,
): void {
  if (Buffer.byteLength(message) > longestMessage) errors.tooLong(`${path}.message`, longestMessage);
  if (errorCode !== undefined && errorCode < 0)
    errors.invalid(`${path}.errorCode`, errorCode, `must be between 0 and ${maxInt32}, inclusive`);
}
