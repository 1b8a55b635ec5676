/** HorizontalPodAutoscaler (autoscaling/v2, which is stored): how many pods a workload has, by what they use. */
// Like pkg/registry/autoscaling/horizontalpodautoscaler.
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';
import { autoscalerOf } from './autoscaler-fields.ts';
import { autoscalerColumns } from './columns.ts';
import { setAutoscalerDefaults } from './defaults.ts';
import { validateAutoscaler, validateAutoscalerUpdate } from './validate-autoscaler.ts';

export const horizontalPodAutoscaler = defineKind({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  schema: 'k8s.io.api.autoscaling.v2.HorizontalPodAutoscaler',
  subresources: ['status'],
  generation: false,

  setDefaults: (object) => setAutoscalerDefaults(autoscalerOf(object)),
  prepareForCreate(object) {
    object['status'] = { desiredReplicas: 0, currentMetrics: null };
  },
  prepareForUpdate: keepTheOtherPart,
  validate: (object) => validateAutoscaler(autoscalerOf(object)),
  validateUpdate: (object, old, { subresource }) =>
    validateAutoscalerUpdate(autoscalerOf(object), autoscalerOf(old), subresource),

  columns: autoscalerColumns((object: AnyObject) => autoscalerOf(object)),

  example: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'example' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' },
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    },
  },
});
