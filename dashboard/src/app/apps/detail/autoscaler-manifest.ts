/** The HorizontalPodAutoscaler that keeps an app within limits by its CPU; pure. */
import type { App } from '../app';

export interface ScalingLimits {
  readonly minimum: number;
  readonly maximum: number;
  /** Share of the requested CPU, in per cent. */
  readonly target: number;
}

export function autoscalerManifest(app: Pick<App, 'name' | 'kind' | 'project'>, limits: ScalingLimits) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: app.name, namespace: app.project },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: app.kind, name: app.name },
      minReplicas: limits.minimum,
      maxReplicas: limits.maximum,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: limits.target } },
        },
      ],
    },
  };
}
