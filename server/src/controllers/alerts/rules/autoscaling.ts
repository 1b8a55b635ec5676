/** Rules about autoscaling. */
import { parseQuantity, quantityMilliValue } from '@naru/api/quantity';
import type { Rule } from '../rule.ts';
import type { AutoscalerView, Metric } from '../views/autoscaler.ts';

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
