/** HorizontalPodAutoscaler (autoscaling/v1): the same objects, with a field for CPU alone and annotations for the rest. */
// Like pkg/registry/autoscaling/horizontalpodautoscaler, which works on the converted object.
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import type { WriteContext } from '../define-kind.ts';
import { autoscalerOf, autoscalerV1Of } from './autoscaler-fields.ts';
import { autoscalerColumns } from './columns.ts';
import { horizontalPodAutoscaler as preferred } from './horizontal-pod-autoscaler.ts';
import { fromStoredAutoscaler, toStoredAutoscaler, withoutV1 } from './v1-conversion.ts';
import { validateAutoscaler, validateAutoscalerUpdate } from './validate-autoscaler.ts';

export const horizontalPodAutoscalerV1 = defineKind({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  schema: 'k8s.io.api.autoscaling.v1.HorizontalPodAutoscaler',
  subresources: ['status'],
  generation: false,
  conversion: {
    stored: { group: 'autoscaling', version: 'v2' },
    toStored: toStoredAutoscaler,
    fromStored: fromStoredAutoscaler,
  },

  setDefaults(object) {
    (autoscalerV1Of(object).spec ??= {}).minReplicas ??= 1;
    // Annotations are read here once, so that those that cannot be read are gone and the default is known.
    changeAsStored(object, () => {});
  },
  prepareForCreate: (object, context) =>
    changeAsStored(object, (stored) => preferred.prepareForCreate?.(stored, context)),
  prepareForUpdate(object: AnyObject, old: AnyObject, context: WriteContext) {
    changeAsStored(object, (stored) => preferred.prepareForUpdate?.(stored, withoutV1(old), context));
  },
  validate: (object) => validateAutoscaler(autoscalerOf(withoutV1(object))),
  validateUpdate: (object, old, { subresource }) =>
    validateAutoscalerUpdate(autoscalerOf(withoutV1(object)), autoscalerOf(withoutV1(old)), subresource),

  columns: autoscalerColumns((object) => autoscalerOf(withoutV1(object))),

  example: {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'example' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' },
      minReplicas: 1,
      maxReplicas: 4,
      targetCPUUtilizationPercentage: 60,
    },
  },
});

/** Lets `change` work on the object in its v2 shape; `object` becomes the v1 shape of the outcome. */
function changeAsStored(object: AnyObject, change: (stored: AnyObject) => void): void {
  const stored = withoutV1(object);
  change(stored);
  const { apiVersion: _version, ...changed } = fromStoredAutoscaler(stored);
  for (const field of Object.keys(object)) if (!(field in changed) && field !== 'apiVersion') delete object[field];
  Object.assign(object, changed);
}
