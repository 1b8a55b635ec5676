/** Seccomp profiles, which both levels look at. */
// Like check_seccompProfile_baseline.go of k8s.io/pod-security-admission/policy.
import { namesWhere, plural, quoted, setters, sorted, type Container, type PodLike, type Violation } from './check.ts';

const podAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const containerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

export const seccompOf = ({ securityContext }: Container) => securityContext?.seccompProfile;
export const isGoodSeccomp = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost';
const isBad = (profile: { type?: string } | undefined): boolean => !!profile && !isGoodSeccomp(profile.type);

/** Who set a profile that is not allowed, and which. */
export function badSeccomp(pod: PodLike): { who: string[]; types: string[] } {
  const own = pod.spec.securityContext?.seccompProfile;
  const who = setters(
    isBad(own),
    namesWhere(pod, (container) => isBad(seccompOf(container))),
  );
  const bad = [own, ...pod.containers.map(seccompOf)].filter(isBad);
  return { who, types: sorted(bad.map((profile) => profile?.type ?? '')) };
}

export const mustNotSetSeccomp = (who: readonly string[], types: readonly string[]): Violation => ({
  reason: 'seccompProfile',
  detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(types)}`,
});

/** Before 1.19 profiles were annotations. */
export function seccompAnnotations({ annotations, containers }: PodLike): Violation | undefined {
  const keys = [podAnnotation, ...containers.map(({ name = '' }) => containerPrefix + name)];
  const isAllowed = (value: string) =>
    ['runtime/default', 'docker/default'].includes(value) || value.startsWith('localhost/');
  const bad = sorted(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || isAllowed(value) ? [] : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (!bad.length) return undefined;
  return { reason: 'seccompProfile', detail: `forbidden ${plural(bad.length, 'annotation')} ${bad.join(', ')}` };
}
