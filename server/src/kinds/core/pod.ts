/** Pod: containers that live and die together. */
// Like pkg/registry/core/pod.
import type { V1Pod } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { podColumns, podRowConditions } from './pod/columns.ts';
import { setPodDefaults } from './pod/defaults.ts';
import { preparePodUpdate, prepareNewPod } from './pod/prepare-pod.ts';
import { validateNewPod } from './pod/validate-pod.ts';
import { validatePodResize } from './pod/validate-resize.ts';
import { validatePodStatusUpdate } from './pod/validate-pod-status.ts';
import { validateEphemeralContainersUpdate, validatePodUpdate } from './pod/validate-pod-update.ts';
import { podWarnings } from './pod/warnings.ts';

const podOf = (object: AnyObject) => fieldsOf<V1Pod>(object);

export const pod = defineKind({
  kind: 'Pod',
  shortNames: ['po'],
  categories: ['all'],
  schema: 'k8s.io.api.core.v1.Pod',
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
    'status',
  ],
  generation: true,
  returnsDeletedObject: true,
  metadataRechecks: 2,

  defaultGracePeriod(object) {
    const { spec, status } = podOf(object);
    if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
    return spec.terminationGracePeriodSeconds ?? 0;
  },

  setDefaults: (object) => setPodDefaults(podOf(object)),
  prepareForCreate: (object, { now }) => prepareNewPod(podOf(object), now),
  prepareForUpdate: (object, old, { subresource }) => preparePodUpdate(podOf(object), podOf(old), subresource),

  validate(object) {
    const errors = new FieldErrors();
    validateNewPod(podOf(object), errors);
    return errors.list;
  },

  validateUpdate(object, old, { subresource }) {
    const errors = new FieldErrors();
    const [changed, stored] = [podOf(object), podOf(old)];
    if (subresource === 'status') validatePodStatusUpdate(changed, stored, errors);
    else if (subresource === 'ephemeralcontainers') validateEphemeralContainersUpdate(changed, stored, errors);
    else if (subresource === 'resize') validatePodResize(changed, stored, errors);
    else validatePodUpdate(changed, stored, errors);
    return errors.list;
  },

  warnings: (object, old) => (old ? [] : podWarnings(podOf(object))),

  selectableFields: {
    'spec.nodeName': (object) => podOf(object).spec?.nodeName ?? '',
    'spec.restartPolicy': (object) => podOf(object).spec?.restartPolicy ?? '',
    'spec.schedulerName': (object) => podOf(object).spec?.schedulerName ?? '',
    'spec.serviceAccountName': (object) => podOf(object).spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (object) => String(podOf(object).spec?.hostNetwork ?? false),
    'status.phase': (object) => podOf(object).status?.phase ?? '',
    'status.podIP': (object) => podOf(object).status?.podIPs?.[0]?.ip ?? podOf(object).status?.podIP ?? '',
    'status.podIPs': (object) => podOf(object).status?.podIPs?.[0]?.ip ?? podOf(object).status?.podIP ?? '',
    'status.nominatedNodeName': (object) => podOf(object).status?.nominatedNodeName ?? '',
  },

  columns: podColumns,
  rowConditions: podRowConditions,

  example: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'example' },
    spec: { containers: [{ name: 'main', image: 'nginx' }] },
  },
});
