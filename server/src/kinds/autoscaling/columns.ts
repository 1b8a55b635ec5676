/** How a Table shows autoscalers; the same for both versions. */
// Like printHorizontalPodAutoscaler and formatHPAMetrics of pkg/printers/internalversion.
import type { AnyObject } from '@naru/api/object';
import type { Column } from '../define-kind.ts';
import type { Autoscaler, MetricSpec, MetricStatus, MetricTarget } from './autoscaler-fields.ts';

/** Metrics that are written out; of the others only the number is told. */
const shown = 2;
const unknown = '<unknown>';

/** `asV2` gives the autoscaler in its v2 shape. */
export function autoscalerColumns(asV2: (object: AnyObject) => Autoscaler): Column[] {
  const column = (name: string, value: (autoscaler: Autoscaler) => unknown): Column => ({
    name,
    type: 'string',
    value: (object) => value(asV2(object)),
  });
  return [
    column('Reference', ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`),
    column('Targets', targets),
    column('MinPods', ({ spec }) => String(spec?.minReplicas ?? '<unset>')),
    column('MaxPods', ({ spec }) => spec?.maxReplicas ?? 0),
    column('Replicas', ({ status }) => status?.currentReplicas ?? 0),
  ];
}

function targets({ spec, status }: Autoscaler): string {
  const metrics = spec?.metrics ?? [];
  if (!metrics.length) return '<none>';
  const texts = metrics.slice(0, shown).map((metric, index) => target(metric, status?.currentMetrics?.[index]));
  const more = metrics.length - shown;
  return `${texts.join(', ')}${more > 0 ? ` + ${more} more...` : ''}`;
}

function target(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'External':
      return ofAverageOrValue(metric.external?.target, status?.external?.current);
    case 'Pods':
      return `${status?.pods?.current?.averageValue ?? unknown}/${metric.pods?.target?.averageValue ?? ''}`;
    case 'Object':
      return ofAverageOrValue(metric.object?.target, status?.object?.current);
    case 'Resource':
      return ofResource(metric.resource?.name, metric.resource?.target, status?.resource?.current);
    case 'ContainerResource': {
      const { name, target: wanted } = metric.containerResource ?? {};
      return ofResource(name, wanted, status?.containerResource?.current);
    }
    default:
      return '<unknown type>';
  }
}

type Current = { value?: string; averageValue?: string; averageUtilization?: number } | undefined;

function ofAverageOrValue(target: MetricTarget | undefined, current: Current): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  return `${current?.value ?? unknown}/${target?.value ?? ''}`;
}

function ofResource(name: string | undefined, target: MetricTarget | undefined, current: Current): string {
  if (target?.averageValue !== undefined) return `${name}: ${current?.averageValue ?? unknown}/${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`;
  const wanted = target?.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`;
  return `${name}: ${now}/${wanted}`;
}
