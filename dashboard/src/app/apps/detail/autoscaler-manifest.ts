/** The HorizontalPodAutoscaler that keeps an app within limits by its load; pure. */
import type { Autoscaler } from '../../kinds/autoscaler';
import type { App } from '../app';

export interface ScalingLimits {
  readonly minimum: number;
  readonly maximum: number;
  readonly resource: 'cpu' | 'memory';
  /** Share of what is requested, in per cent. */
  readonly target: number;
  /** How long the load must be low before instances are taken away, in seconds. */
  readonly patience: number;
}

/** What the autoscaler takes when nothing is said, in seconds. */
export const usualPatience = 300;

export function autoscalerManifest(app: Pick<App, 'name' | 'kind' | 'project'>, limits: ScalingLimits) {
  const { minimum, maximum, resource, target, patience } = limits;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: app.name, namespace: app.project },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: app.kind, name: app.name },
      minReplicas: minimum,
      maxReplicas: maximum,
      metrics: [
        { type: 'Resource', resource: { name: resource, target: { type: 'Utilization', averageUtilization: target } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: patience } },
    },
  };
}

/** The limits of an autoscaler, if it is one that this page could have made; undefined for what is written by hand. */
export function limitsOf({ spec }: Autoscaler): ScalingLimits | undefined {
  const [metric, ...others] = spec.metrics ?? [];
  const name = metric?.resource?.name;
  const target = metric?.resource?.target.averageUtilization;
  if (others.length > 0 || metric?.type !== 'Resource' || target === undefined) return undefined;
  if (name !== 'cpu' && name !== 'memory') return undefined;
  return {
    minimum: spec.minReplicas ?? 1,
    maximum: spec.maxReplicas,
    resource: name,
    target,
    patience: spec.behavior?.scaleDown?.stabilizationWindowSeconds ?? usualPatience,
  };
}
