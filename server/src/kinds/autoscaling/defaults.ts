/** What an autoscaler does where it does not say. */
// Like SetDefaults_HorizontalPodAutoscaler of autoscaling/v2.
import { defaultUtilization, utilizationOfCpu } from './autoscaler-fields.ts';
import type { Autoscaler, ScalingRules } from './autoscaler-fields.ts';

/** Changes `autoscaler`. The window of scaling down stays open: the controller has a setting for it. */
export function setAutoscalerDefaults(autoscaler: Autoscaler): void {
  const spec = (autoscaler.spec ??= {});
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [utilizationOfCpu(defaultUtilization)];
  if (!spec.behavior) return;
  spec.behavior.scaleUp = completed(spec.behavior.scaleUp, {
    stabilizationWindowSeconds: 0,
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  });
  spec.behavior.scaleDown = completed(spec.behavior.scaleDown, {
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  });
}

// An empty list of policies is kept: validation refuses it.
function completed(rules: ScalingRules | undefined, usual: ScalingRules): ScalingRules {
  const given = Object.fromEntries(Object.entries(rules ?? {}).filter(([, value]) => value !== null));
  return { selectPolicy: 'Max', ...usual, ...given };
}
