/** Metrics between their v2 shape and the flatter one that autoscaling/v1 keeps in annotations. */
// Like the Convert_ functions for metrics of pkg/apis/autoscaling/v1/conversion.go.
import type { V1LabelSelector } from '@kubernetes/client-node';
import { decodeObject } from '@naru/api/decode/decode-object';
import type { Fields } from '../fields.ts';
import type { MetricSpec, MetricStatus, MetricTarget, TargetReference } from './autoscaler-fields.ts';

type Selector = Fields<V1LabelSelector>;
type Flat = Record<string, unknown>;

/** What v1 knows of a metric: the fields that any of its sources has. */
interface FlatMetric {
  name?: string;
  container?: string;
  metricName?: string;
  selector?: Selector;
  metricSelector?: Selector;
  target?: TargetReference;
  targetValue?: string;
  averageValue?: string;
  targetAverageValue?: string;
  targetAverageUtilization?: number;
  currentValue?: string;
  currentAverageValue?: string;
  currentAverageUtilization?: number;
}

/** In Go's order and with its zero values. */
const shaped = (value: Flat, type: string): Flat =>
  decodeObject(whole(value), `k8s.io.api.autoscaling.v1.${type}`).object;

export function metricToV1({ type, object, pods, resource, containerResource, external }: MetricSpec): Flat {
  const ofResource = (target: MetricTarget | undefined) => ({
    targetAverageUtilization: target?.averageUtilization,
    targetAverageValue: target?.averageValue,
  });
  return shaped(
    {
      type,
      object: object && {
        target: object.describedObject,
        metricName: object.metric?.name,
        targetValue: object.target?.value,
        selector: object.metric?.selector,
        averageValue: object.target?.averageValue,
      },
      pods: pods && {
        metricName: pods.metric?.name,
        targetAverageValue: pods.target?.averageValue,
        selector: pods.metric?.selector,
      },
      resource: resource && { name: resource.name, ...ofResource(resource.target) },
      containerResource: containerResource && {
        name: containerResource.name,
        container: containerResource.container,
        ...ofResource(containerResource.target),
      },
      external: external && {
        metricName: external.metric?.name,
        metricSelector: external.metric?.selector,
        targetValue: external.target?.value,
        targetAverageValue: external.target?.averageValue,
      },
    },
    'MetricSpec',
  );
}

export function metricFromV1(flat: Flat): MetricSpec {
  const { type, object, pods, resource, containerResource, external } = flat as {
    type?: string;
  } & Partial<Record<string, FlatMetric>>;
  const ofResource = ({ targetAverageUtilization, targetAverageValue }: FlatMetric) => ({
    type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization',
    averageUtilization: targetAverageUtilization,
    averageValue: targetAverageValue,
  });
  return whole<MetricSpec>({
    type,
    object: object && {
      describedObject: object.target,
      metric: { name: object.metricName, selector: object.selector },
      target: {
        type: object.averageValue === undefined ? 'Value' : 'AverageValue',
        value: object.targetValue,
        averageValue: object.averageValue,
      },
    },
    pods: pods && {
      metric: { name: pods.metricName, selector: pods.selector },
      target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
    },
    resource: resource && { name: resource.name, target: ofResource(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      target: ofResource(containerResource),
    },
    external: external && {
      metric: { name: external.metricName, selector: external.metricSelector },
      target: {
        type: external.targetValue === undefined ? 'AverageValue' : 'Value',
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      },
    },
  });
}

export function metricStatusToV1({ type, object, pods, resource, containerResource, external }: MetricStatus): Flat {
  return shaped(
    {
      type,
      object: object && {
        target: object.describedObject,
        metricName: object.metric?.name,
        currentValue: object.current?.value,
        selector: object.metric?.selector,
        averageValue: object.current?.averageValue,
      },
      pods: pods && {
        metricName: pods.metric?.name,
        currentAverageValue: pods.current?.averageValue,
        selector: pods.metric?.selector,
      },
      resource: resource && {
        name: resource.name,
        currentAverageUtilization: resource.current?.averageUtilization,
        currentAverageValue: resource.current?.averageValue,
      },
      containerResource: containerResource && {
        name: containerResource.name,
        container: containerResource.container,
        currentAverageUtilization: containerResource.current?.averageUtilization,
        currentAverageValue: containerResource.current?.averageValue,
      },
      external: external && {
        metricName: external.metric?.name,
        metricSelector: external.metric?.selector,
        currentValue: external.current?.value,
        currentAverageValue: external.current?.averageValue,
      },
    },
    'MetricStatus',
  );
}

export function metricStatusFromV1(flat: Flat): MetricStatus {
  const { type, object, pods, resource, containerResource, external } = flat as {
    type?: string;
  } & Partial<Record<string, FlatMetric>>;
  const ofResource = ({ currentAverageUtilization, currentAverageValue }: FlatMetric) => ({
    averageUtilization: currentAverageUtilization,
    averageValue: currentAverageValue,
  });
  return whole<MetricStatus>({
    type,
    object: object && {
      describedObject: object.target,
      metric: { name: object.metricName, selector: object.selector },
      current: { value: object.currentValue, averageValue: object.averageValue },
    },
    pods: pods && {
      metric: { name: pods.metricName, selector: pods.selector },
      current: { averageValue: pods.currentAverageValue },
    },
    resource: resource && { name: resource.name, current: ofResource(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      current: ofResource(containerResource),
    },
    external: external && {
      metric: { name: external.metricName, selector: external.metricSelector },
      current: { value: external.currentValue, averageValue: external.currentAverageValue },
    },
  });
}

/** Without fields that are undefined, all the way down. */
const whole = <Value>(value: unknown): Value => JSON.parse(JSON.stringify(value)) as Value;
