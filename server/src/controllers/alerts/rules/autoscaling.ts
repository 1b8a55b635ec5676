/** Rules about autoscaling. */
import { parseQuantity, quantityMilliValue } from '@naru/api/quantity';
import { conditionOf } from '../../runtime/condition.ts';
import type { Rule } from '../rule.ts';
import type { AutoscalerView, Metric } from '../views/autoscaler.ts';
import { timeOf } from '../views/pod.ts';

export const autoscaleAtMax: Rule<AutoscalerView> = {
  number: 17,
  name: 'AutoscaleAtMax',
  severity: 'warning',
  forSeconds: 300,
  keepSeconds: 300,
  condition: 'as many instances as allowed run, and the load is still above its target',
  message: {
    en: '{app} is at its limit of {most} instances and still busy ({load}%)',
    ko: '{app} 최대 {most}개로도 부하 높음 ({load}%)',
  },
  find({ metadata, spec, status }) {
    const { minReplicas = 1, maxReplicas = 0, scaleTargetRef, metrics = [] } = spec ?? {};
    if (maxReplicas === minReplicas || (status?.currentReplicas ?? 0) < maxReplicas) return [];
    if (!status?.currentMetrics) return 'unknown';
    const loads = metrics.flatMap((target) => loadOf(target, status.currentMetrics ?? []) ?? []);
    const [busiest] = loads.sort((a, b) => b.load - a.load);
    if (!busiest) return 'unknown';
    if (busiest.load <= 100) return [];
    return [
      {
        params: {
          app: scaleTargetRef?.name ?? metadata.name ?? '',
          most: String(maxReplicas),
          more: String(maxReplicas + 2),
          metric: busiest.name,
          load: String(Math.round(busiest.load)),
        },
        fixes: [{ code: 'raise-maximum', params: { maximum: String(maxReplicas + 2) } }],
      },
    ];
  },
};

export const autoscaleBlind: Rule<AutoscalerView> = {
  number: 18,
  name: 'AutoscaleBlind',
  severity: 'warning',
  forSeconds: 120,
  keepSeconds: 0,
  role: 'consequence',
  condition: 'the autoscaler cannot read a metric (ScalingActive is False), and nobody switched it off',
  message: {
    en: 'Autoscale for {app} cannot read {metric}: {detail}',
    ko: '{app} 자동 확장이 {metric} 값을 읽지 못함: {detail}',
  },
  find({ metadata, spec, status }) {
    const active = conditionOf(status?.conditions, 'ScalingActive');
    if (active?.status !== 'False' || active.reason === 'ScalingDisabled') return [];
    const detail = (active.message ?? '').slice(0, 512);
    const since = timeOf(active.lastTransitionTime);
    const named = spec?.metrics?.find(({ resource }) => resource)?.resource?.name ?? spec?.metrics?.[0]?.type ?? '';
    return [
      {
        params: {
          app: spec?.scaleTargetRef?.name ?? metadata.name ?? '',
          metric: named,
          reason: active.reason ?? '',
          detail,
        },
        fixes: [
          ...(/missing request for/.test(detail) ? [{ code: 'set-cpu-request' } as const] : []),
          { code: 'edit-autoscaler' },
        ],
        ...(since !== undefined && { since }),
      },
    ];
  },
};

/** Percent of the target; undefined when the metric is of a sort we cannot compare, or was not read. */
function loadOf({ resource: wanted }: Metric, current: readonly Metric[]): { name: string; load: number } | undefined {
  const now = current.find(({ resource }) => resource !== undefined && resource.name === wanted?.name)?.resource;
  if (!wanted?.target || !now?.current) return undefined;
  const { target, name } = wanted;
  if (target.averageUtilization && now.current.averageUtilization !== undefined)
    return { name, load: (now.current.averageUtilization / target.averageUtilization) * 100 };
  if (!target.averageValue || !now.current.averageValue) return undefined;
  const [is, should] = [now.current.averageValue, target.averageValue].map((text) =>
    quantityMilliValue(parseQuantity(text)),
  );
  return should ? { name, load: (is! / should) * 100 } : undefined;
}
