/** Containers get what a LimitRange of their namespace says they should, and nobody asks for more than it allows. */
// Like plugin/pkg/admission/limitranger.
import type { V1LimitRange, V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Limit } from '../../kinds/core/limit-range/limits.ts';
import { aggregateContainers } from '../../kinds/core/pod/pod-resources.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { aggregated, refusal } from '../refusal.ts';
import { maxProblems, maxRequestProblems, minProblems, ratioProblems, type Asked } from './limits.ts';
import { podOf, type PodFields } from './pod-fields.ts';

type Container = NonNullable<NonNullable<PodFields['spec']>['containers']>[number];

const annotation = 'kubernetes.io/limit-ranger';

export const limitRanger = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'LimitRanger',
  mutate(attributes) {
    if (!isConcerned(attributes) || attributes.kind.storagePrefix !== 'pods') return;
    for (const limits of rangesOf(attributes.namespace, reader)) fillIn(podOf(attributes.object!), limits);
  },
  validate(attributes) {
    if (!isConcerned(attributes)) return;
    for (const limits of rangesOf(attributes.namespace, reader)) {
      const problems = limits.flatMap((limit) => problemsOf(attributes, limit));
      if (problems.length) throw refusal(attributes, aggregated(problems));
    }
  },
});

/** New pods and claims, claims that change, and pods that are resized. */
function isConcerned({ operation, kind, subresource, object, oldObject }: Attributes): boolean {
  if (!object || (operation !== 'CREATE' && operation !== 'UPDATE')) return false;
  if (oldObject?.metadata.deletionTimestamp) return false;
  if (kind.storagePrefix === 'pods') return operation === 'CREATE' ? subresource === '' : subresource === 'resize';
  return kind.storagePrefix === 'persistentvolumeclaims' && subresource === '';
}

function* rangesOf(namespace: string, reader: Reader): Iterable<readonly Limit[]> {
  for (const range of reader.all('limitranges', namespace)) yield fieldsOf<V1LimitRange>(range).spec?.limits ?? [];
}

/** Changes `pod`, and writes down what was changed. */
function fillIn(pod: PodFields, limits: readonly Limit[]): void {
  const ofContainers = limits.filter(({ type }) => type === 'Container');
  const defaults = Object.assign({}, ...ofContainers.map((limit) => limit.default)) as Record<string, string>;
  const requests = Object.assign({}, ...ofContainers.map((limit) => limit.defaultRequest)) as Record<string, string>;
  const notes = containersOf(pod).flatMap(({ container, called }) => [
    ...note(fillList(container, 'requests', requests), 'request', called),
    ...note(fillList(container, 'limits', defaults), 'limit', called),
  ]);
  if (!notes.length) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${notes.join('; ')}`,
  };
}

const containersOf = ({ spec = {} }: PodFields): { container: Container; called: string }[] => [
  ...(spec.containers ?? []).map((container) => ({ container, called: `container ${container.name ?? ''}` })),
  ...(spec.initContainers ?? []).map((container) => ({ container, called: `init container ${container.name ?? ''}` })),
];

/** The names that were missing. Changes `container`. */
function fillList(container: Container, list: 'requests' | 'limits', defaults: Record<string, string>): string[] {
  const given = container.resources?.[list] ?? {};
  const missing = Object.keys(defaults).filter((name) => !Object.hasOwn(given, name));
  if (missing.length) container.resources = { ...container.resources, [list]: { ...defaults, ...given } };
  return missing.sort();
}

const note = (names: readonly string[], what: string, called: string): string[] =>
  names.length ? [`${names.join(', ')} ${what} for ${called}`] : [];

function problemsOf({ kind, object }: Attributes, limit: Limit): string[] {
  if (kind.storagePrefix === 'pods') return podProblems(podOf(object!), limit);
  if (limit.type !== 'PersistentVolumeClaim') return [];
  const { requests } = fieldsOf<V1PersistentVolumeClaim>(object!).spec?.resources ?? {};
  const asked: Asked = { requests: new Map(Object.entries(requests ?? {})), limits: new Map() };
  return [...minProblems(limit, asked), ...maxRequestProblems(limit, asked)];
}

function podProblems(pod: PodFields, limit: Limit): string[] {
  if (limit.type === 'Container')
    return containersOf(pod).flatMap(({ container: { resources } }) =>
      allProblems(limit, {
        requests: new Map(Object.entries(resources?.requests ?? {})),
        limits: new Map(Object.entries(resources?.limits ?? {})),
      }),
    );
  if (limit.type !== 'Pod') return [];
  const spec = pod.spec ?? {};
  return allProblems(limit, {
    requests: aggregateContainers(spec, 'requests'),
    limits: aggregateContainers(spec, 'limits'),
  });
}

const allProblems = (limit: Limit, asked: Asked): string[] => [
  ...minProblems(limit, asked),
  ...maxProblems(limit, asked),
  ...ratioProblems(limit, asked),
];
