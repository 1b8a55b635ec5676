/** AppArmor profiles other than the runtime's own and those of the node. */
// Like check_appArmorProfile.go of k8s.io/pod-security-admission/policy.
import { namesWhere, plural, quoted, setters, sorted, type Container, type PodLike, type Violation } from './check.ts';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';
const isAllowedAnnotation = (value: string) =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');
const isBadType = (type: string | undefined): type is string =>
  type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
const typeOf = ({ securityContext }: Container) => securityContext?.appArmorProfile?.type;

export function appArmorViolation(pod: PodLike): Violation | undefined {
  const podType = pod.spec.securityContext?.appArmorProfile?.type;
  const types = sorted([podType, ...pod.containers.map(typeOf)].filter(isBadType));
  const annotations = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(prefix) && !isAllowedAnnotation(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const who = setters(
    isBadType(podType),
    namesWhere(pod, (container) => isBadType(typeOf(container))),
  );
  if (annotations.length) who.push(plural(annotations.length, 'annotation'));
  if (!who.length) return undefined;
  const values = [...types, ...annotations];
  return {
    reason: plural(values.length, 'forbidden AppArmor profile'),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  };
}
