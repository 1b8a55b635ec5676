/** What `baseline` forbids: the known ways out of a container. */
// Like the checks of that level in k8s.io/pod-security-admission/policy.
import { appArmorViolation } from './app-armor.ts';
import {
  containersNamed,
  hasOwnUsers,
  namesWhere,
  plural,
  quoted,
  setters,
  sorted,
  type Check,
  type Container,
  type PodLike,
} from './check.ts';
import { badSeccomp, mustNotSetSeccomp, seccompAnnotations } from './seccomp.ts';

const usualCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const capabilities: Check = {
  id: 'capabilities_baseline',
  violation(pod) {
    const bad = ({ securityContext }: Container) =>
      (securityContext?.capabilities?.add ?? []).filter((one) => !usualCapabilities.has(one));
    const names = namesWhere(pod, (container) => bad(container).length > 0);
    if (!names.length) return undefined;
    const added = quoted(sorted(pod.containers.flatMap(bad)));
    return {
      reason: 'non-default capabilities',
      detail: `${containersNamed(names)} must not include ${added} in securityContext.capabilities.add`,
    };
  },
};

const hostNamespaces: Check = {
  id: 'hostNamespaces',
  violation({ spec }) {
    const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
    if (!used.length) return undefined;
    return { reason: 'host namespaces', detail: used.map((field) => `${field}=true`).join(', ') };
  },
};

const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  violation({ spec }) {
    const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name = '' }) => name);
    if (!names.length) return undefined;
    return { reason: 'hostPath volumes', detail: `${plural(names.length, 'volume')} ${quoted(names)}` };
  },
};

const hostPorts: Check = {
  id: 'hostPorts',
  violation(pod) {
    const portsOf = ({ ports = [] }: Container) => ports.map(({ hostPort = 0 }) => hostPort).filter((port) => port);
    const names = namesWhere(pod, (container) => portsOf(container).length > 0);
    if (!names.length) return undefined;
    const ports = sorted(pod.containers.flatMap(portsOf).map(String));
    const use = plural(names.length, 'uses', 'use');
    return {
      reason: 'hostPort',
      detail: `${containersNamed(names)} ${use} ${plural(ports.length, 'hostPort')} ${ports.join(', ')}`,
    };
  },
};

const handlerHosts: Check = {
  id: 'hostProbesAndHostLifecycle',
  since: 34,
  violation(pod) {
    const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container) =>
      [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
        .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
        .filter((host): host is string => !!host);
    const names = sorted(namesWhere(pod, (container) => hostsOf(container).length > 0));
    if (!names.length) return undefined;
    const hosts = sorted(pod.containers.flatMap(hostsOf));
    const use = plural(names.length, 'uses', 'use');
    return {
      reason: 'probe or lifecycle host',
      detail: `${containersNamed(names)} ${use} ${plural(hosts.length, 'probe or lifecycle host')} ${quoted(hosts)}`,
    };
  },
};

const privileged: Check = {
  id: 'privileged',
  violation(pod) {
    const names = namesWhere(pod, ({ securityContext }) => securityContext?.privileged === true);
    if (!names.length) return undefined;
    return {
      reason: 'privileged',
      detail: `${containersNamed(names)} must not set securityContext.privileged=true`,
    };
  },
};

const procMount: Check = {
  id: 'procMount',
  violation(pod) {
    if (hasOwnUsers(pod)) return undefined;
    const typeOf = ({ securityContext }: Container) => securityContext?.procMount ?? 'Default';
    const names = namesWhere(pod, (container) => typeOf(container) !== 'Default');
    if (!names.length) return undefined;
    const types = sorted(pod.containers.map(typeOf).filter((type) => type !== 'Default'));
    return {
      reason: 'procMount',
      detail: `${containersNamed(names)} must not set securityContext.procMount to ${quoted(types)}`,
    };
  },
};

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  violation(pod) {
    const allowed = pod.minor >= 31 ? [...seLinuxTypes, 'container_engine_t'] : seLinuxTypes;
    const given = [pod.spec.securityContext?.seLinuxOptions, ...pod.containers.map(optionsOf)];
    const isBad = (options: (typeof given)[number]) =>
      !!options && (!allowed.includes(options.type ?? '') || !!options.user || !!options.role);
    const who = setters(
      isBad(given[0]),
      namesWhere(pod, (container) => isBad(optionsOf(container))),
    );
    if (!who.length) return undefined;
    const types = sorted(given.map((options) => options?.type ?? '').filter((type) => !allowed.includes(type)));
    const what = [
      ...(types.length ? [`${plural(types.length, 'type')} ${quoted(types)}`] : []),
      ...(given.some((options) => options?.user) ? ['user may not be set'] : []),
      ...(given.some((options) => options?.role) ? ['role may not be set'] : []),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    };
  },
};

const optionsOf = ({ securityContext }: Container) => securityContext?.seLinuxOptions;

const seccompProfile: Check = {
  id: 'seccompProfile_baseline',
  violation(pod) {
    if (pod.minor < 19) return seccompAnnotations(pod);
    const { who, types } = badSeccomp(pod);
    return who.length ? mustNotSetSeccomp(who, types) : undefined;
  },
};

/** By the first version that allows them. */
const safeSysctls: readonly (readonly [number, readonly string[]])[] = [
  [0, ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies']],
  [0, ['net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start']],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [29, ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout']],
  [29, ['net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes']],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];

const sysctls: Check = {
  id: 'sysctls',
  violation({ spec, minor }: PodLike) {
    const safe = safeSysctls.flatMap(([since, names]) => (minor >= since ? names : []));
    const names = (spec.securityContext?.sysctls ?? [])
      .map(({ name = '' }) => name)
      .filter((one) => !safe.includes(one));
    return names.length ? { reason: 'forbidden sysctls', detail: names.join(', ') } : undefined;
  },
};

const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  violation(pod) {
    const who = setters(
      pod.spec.securityContext?.windowsOptions?.hostProcess === true,
      namesWhere(pod, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true),
    );
    if (!who.length) return undefined;
    return {
      reason: 'hostProcess',
      detail: `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
    };
  },
};

/** In the order they are told of. */
export const baselineChecks: readonly Check[] = [
  { id: 'appArmorProfile', violation: appArmorViolation },
  capabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  handlerHosts,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfile,
  sysctls,
  windowsHostProcess,
];
