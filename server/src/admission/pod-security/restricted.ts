/** What `restricted` asks beside `baseline`: to say that a pod gives up what it does not need. */
// Like the checks of that level in k8s.io/pod-security-admission/policy.
import {
  containersNamed,
  hasOwnUsers,
  isForWindows,
  namesWhere,
  plural,
  quoted,
  setters,
  sorted,
  type Check,
  type Container,
} from './check.ts';
import { badSeccomp, isGoodSeccomp, mustNotSetSeccomp, seccompOf } from './seccomp.ts';

const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  since: 8,
  violation(pod) {
    if (isForWindows(pod)) return undefined;
    const names = namesWhere(pod, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
    if (!names.length) return undefined;
    return {
      reason: 'allowPrivilegeEscalation != false',
      detail: `${containersNamed(names)} must set securityContext.allowPrivilegeEscalation=false`,
    };
  },
};

const capabilities: Check = {
  id: 'capabilities_restricted',
  since: 22,
  overrides: ['capabilities_baseline'],
  violation(pod) {
    if (isForWindows(pod)) return undefined;
    const given = ({ securityContext }: Container) => securityContext?.capabilities;
    const added = (container: Container) => (given(container)?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE');
    const keeping = namesWhere(pod, (container) => !given(container)?.drop?.includes('ALL'));
    const adding = namesWhere(pod, (container) => added(container).length > 0);
    const what = quoted(sorted(pod.containers.flatMap(added)));
    const details = [
      ...(keeping.length ? [`${containersNamed(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
      ...(adding.length
        ? [`${containersNamed(adding)} must not include ${what} in securityContext.capabilities.add`]
        : []),
    ];
    return details.length ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined;
  },
};

const coreVolumes = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' '),
);

const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  overrides: ['hostPathVolumes'],
  violation({ spec }) {
    const typeOf = ({ name: _name, ...source }: object & { name?: string }) =>
      Object.keys(source).find((type) => (source as Record<string, unknown>)[type] !== undefined) ?? 'unknown';
    const bad = (spec.volumes ?? []).filter((volume) => !coreVolumes.has(typeOf(volume)));
    if (!bad.length) return undefined;
    const types = sorted(bad.map(typeOf));
    const names = quoted(bad.map(({ name = '' }) => name));
    const use = plural(bad.length, 'uses', 'use');
    return {
      reason: 'restricted volume types',
      detail: `${plural(bad.length, 'volume')} ${names} ${use} ${plural(types.length, 'restricted volume type')} ${quoted(types)}`,
    };
  },
};

const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  violation(pod) {
    if (hasOwnUsers(pod)) return undefined;
    const byPod = pod.spec.securityContext?.runAsNonRoot;
    const given = ({ securityContext }: Container) => securityContext?.runAsNonRoot;
    const who = setters(
      byPod === false,
      namesWhere(pod, (container) => given(container) === false),
    );
    const reason = 'runAsNonRoot != true';
    if (who.length) return { reason, detail: `${who.join(' and ')} must not set securityContext.runAsNonRoot=false` };
    const silent = byPod === true ? [] : namesWhere(pod, (container) => given(container) === undefined);
    if (!silent.length) return undefined;
    return { reason, detail: `pod or ${containersNamed(silent)} must set securityContext.runAsNonRoot=true` };
  },
};

const runAsUser: Check = {
  id: 'runAsUser',
  since: 23,
  violation(pod) {
    if (hasOwnUsers(pod)) return undefined;
    const who = setters(
      pod.spec.securityContext?.runAsUser === 0,
      namesWhere(pod, ({ securityContext }) => securityContext?.runAsUser === 0),
    );
    return who.length ? { reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0` } : undefined;
  },
};

const seccompProfile: Check = {
  id: 'seccompProfile_restricted',
  since: 19,
  overrides: ['seccompProfile_baseline'],
  violation(pod) {
    if (isForWindows(pod)) return undefined;
    const { who, types } = badSeccomp(pod);
    if (who.length) return mustNotSetSeccomp(who, types);
    if (isGoodSeccomp(pod.spec.securityContext?.seccompProfile?.type)) return undefined;
    const silent = namesWhere(pod, (container) => !seccompOf(container));
    if (!silent.length) return undefined;
    return {
      reason: 'seccompProfile',
      detail: `pod or ${containersNamed(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    };
  },
};

/** In the order they are told of. */
export const restrictedChecks: readonly Check[] = [
  allowPrivilegeEscalation,
  capabilities,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfile,
];
