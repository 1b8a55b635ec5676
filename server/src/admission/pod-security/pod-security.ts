/** Holds pods to the level their namespace asks for, warns of templates that would make others, and of pods that a stricter level finds. */
// Like k8s.io/pod-security-admission/admission, with its defaults: nothing is asked where no label does.
import type { V1CronJob, V1Deployment } from '@kubernetes/client-node';
import { invalid } from '@naru/api/status';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../../kinds/fields.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { refusal } from '../refusal.ts';
import { podOf } from '../plugins/pod-fields.ts';
import { detailsOf, reasonsOf, violations, type PodTemplate } from './evaluate.ts';
import { labelErrors, levels, nameOf, policyOf, type LevelVersion, type Policy } from './policy.ts';

const untouched = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);
const mostPods = 3000;

export const podSecurity = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'PodSecurity',
  validate(attributes) {
    const { kind, operation, object } = attributes;
    if (!object || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    if (kind.storagePrefix === 'namespaces') return checkNamespace(attributes, object, reader);
    if (kind.storagePrefix === 'pods') return checkPod(attributes, object, reader);
    if (!attributes.subresource) checkTemplate(attributes, object, reader);
  },
});

const policyIn = (namespace: string, reader: Reader): Policy =>
  policyOf(reader.find('namespaces', '', namespace)?.metadata.labels);

const asksNothing = ({ level }: LevelVersion) => level === 'privileged';

function checkPod(attributes: Attributes, object: AnyObject, reader: Reader): void {
  const { subresource, namespace, oldObject } = attributes;
  if (untouched.has(subresource)) return;
  const policy = policyIn(namespace, reader);
  if (asksNothing(policy.enforce) && asksNothing(policy.warn)) return;
  if (oldObject && !matters(object, oldObject)) return;
  const forbidden = violations(policy.enforce, podOf(object));
  if (forbidden.length)
    throw refusal(
      attributes,
      `violates PodSecurity ${JSON.stringify(nameOf(policy.enforce))}: ${detailsOf(forbidden)}`,
    );
  warn(attributes, policy.warn, podOf(object));
}

function checkTemplate(attributes: Attributes, object: AnyObject, reader: Reader): void {
  const template = templateOf(object, attributes.kind.kind);
  if (!template) return;
  const { warn: level } = policyIn(attributes.namespace, reader);
  if (!asksNothing(level)) warn(attributes, level, template);
}

function warn(attributes: Attributes, level: LevelVersion, pod: PodTemplate): void {
  const found = violations(level, pod);
  if (found.length) attributes.warn(`would violate PodSecurity ${JSON.stringify(nameOf(level))}: ${detailsOf(found)}`);
}

const withTemplate = new Set([
  ...['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job'],
]);

function templateOf(object: AnyObject, kind: string): PodTemplate | undefined {
  if (withTemplate.has(kind)) return fieldsOf<V1Deployment>(object).spec?.template as PodTemplate | undefined;
  if (kind === 'PodTemplate') return object['template'] as PodTemplate | undefined;
  if (kind !== 'CronJob') return undefined;
  return fieldsOf<V1CronJob>(object).spec?.jobTemplate?.spec?.template as PodTemplate | undefined;
}

/** Of what a pod may change, only images, containers and old seccomp annotations can break a level. */
function matters(object: AnyObject, old: AnyObject): boolean {
  const partsOf = (pod: AnyObject) => {
    const { metadata, spec = {} } = podOf(pod);
    const images = [spec.initContainers, spec.containers, spec.ephemeralContainers].map((list) =>
      (list ?? []).map(({ name, image }) => [name, image]),
    );
    const seccomp = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
      key.includes('seccomp.security.alpha.kubernetes.io/'),
    );
    return JSON.stringify([images, seccomp.sort()]);
  };
  return partsOf(object) !== partsOf(old);
}

function checkNamespace(attributes: Attributes, object: AnyObject, reader: Reader): void {
  const { subresource, oldObject } = attributes;
  if (subresource) return;
  const { name = '', labels } = object.metadata;
  const errors = labelErrors(labels).list;
  const before = oldObject ? labelErrors(oldObject.metadata.labels).list : [];
  // What was wrong already need not be mended by whoever changes something else.
  if (errors.length && JSON.stringify(errors) !== JSON.stringify(before))
    throw invalid({ group: '', kind: 'Namespace' }, name, errors);
  if (!oldObject) return;
  const [now, then] = [policyOf(labels).enforce, policyOf(oldObject.metadata.labels).enforce];
  if (isStricter(now, then)) warningsFor(name, now, reader).forEach((text) => attributes.warn(text));
}

function isStricter(now: LevelVersion, then: LevelVersion): boolean {
  if (asksNothing(now)) return false;
  return now.minor !== then.minor || levels.indexOf(now.level) > levels.indexOf(then.level);
}

/** Pods that are there stay; they are told of by what is wrong with them. */
function warningsFor(namespace: string, level: LevelVersion, reader: Reader): string[] {
  const pods = [...reader.all('pods', namespace)];
  const byReason = new Map<string, string[]>();
  for (const pod of pods.slice(0, mostPods)) {
    const reasons = reasonsOf(violations(level, podOf(pod)));
    if (reasons) byReason.set(reasons, [...(byReason.get(reasons) ?? []), pod.metadata.name ?? '']);
  }
  const others = (count: number) => (count ? ` (and ${count} other ${count === 1 ? 'pod' : 'pods'})` : '');
  const found = [...byReason].map(
    ([reasons, names]) => `${names.sort()[0] ?? ''}${others(names.length - 1)}: ${reasons}`,
  );
  const checked = `new PodSecurity enforce level only checked against the first ${mostPods} of ${pods.length} existing pods`;
  const heading = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(nameOf(level))}`;
  return [...(pods.length > mostPods ? [checked] : []), ...(found.length ? [heading] : []), ...found.sort()];
}
