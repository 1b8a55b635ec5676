/** What a pod's writer is warned of: things that work, but hardly as meant. */
// Like pkg/api/pod/warnings.go.
import type { V1ContainerPort } from '@kubernetes/client-node';
import { goQuote } from '@naru/api/go-values';
import { checkDNS1123Label } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { isWhole } from '../../quantities.ts';
import { claimWarnings } from '../claim-spec.ts';
import { deprecatedLabel, nodeSelectorTermWarnings } from '../node-label-warnings.ts';
import { appArmorPrefix, seccompContainerPrefix, seccompPodAnnotation } from './annotations.ts';
import { notActedOn } from './not-acted-on.ts';
import { containersWithPath } from './pod-fields.ts';
import type { Container, Pod, PodSpec, PodTemplate, Volume } from './pod-fields.ts';

export function podWarnings({ metadata, spec = {} }: Pod): string[] {
  const warnings = specWarnings(spec, metadata.annotations, 'spec', 'metadata', { isTemplate: false });
  const problems = metadata.name ? checkDNS1123Label(metadata.name) : [];
  if (!problems.length) return warnings;
  return [
    `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
    ...warnings,
  ];
}

/** `path` is that of the template: `spec.template`. */
export function podTemplateWarnings({ metadata = {}, spec = {} }: PodTemplate, path: string): string[] {
  return specWarnings(spec, metadata.annotations, `${path}.spec`, `${path}.metadata`, {
    isTemplate: true,
  });
}

/** For kinds that name pods after themselves: a name that is no label makes odd pod names. */
export function podNameWarnings(name: string | undefined): string[] {
  const problems = name ? checkDNS1123Label(name) : [];
  return problems.length
    ? [
        `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
      ]
    : [];
}

const removedAnnotations = new Map([
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]);

function specWarnings(
  spec: PodSpec,
  annotations: Record<string, string> = {},
  path: string,
  metadataPath: string,
  { isTemplate }: { isTemplate: boolean },
): string[] {
  const annotationPath = (key: string) => `${metadataPath}.annotations[${key}]`;
  const warnings = [...selectorWarnings(spec, path)];
  for (const [key, message] of removedAnnotations)
    if (Object.hasOwn(annotations, key)) warnings.push(`${annotationPath(key)}: ${message}`);
  warnings.push(...volumeWarnings(spec.volumes ?? [], path), ...repetitionWarnings(spec, path));
  warnings.push(...fractionWarnings(spec.overhead, `${path}.overhead`));
  if (!spec.securityContext?.seccompProfile && Object.hasOwn(annotations, seccompPodAnnotation))
    warnings.push(
      `${annotationPath(seccompPodAnnotation)}: non-functional in v1.27+; use the "seccompProfile" field instead`,
    );
  for (const { container, path: at } of containersWithPath(spec, path)) {
    const { name = '', securityContext } = container;
    const seccompKey = `${seccompContainerPrefix}${name}`;
    if (!securityContext?.seccompProfile && Object.hasOwn(annotations, seccompKey))
      warnings.push(`${annotationPath(seccompKey)}: non-functional in v1.27+; use the "seccompProfile" field instead`);
    const appArmorKey = `${appArmorPrefix}${name}`;
    const hasField = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    if (!hasField && Object.hasOwn(annotations, appArmorKey))
      warnings.push(`${annotationPath(appArmorKey)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
    warnings.push(...containerWarnings(container, at));
  }
  warnings.push(...portWarnings(spec, path));
  if (isTemplate && (spec.terminationGracePeriodSeconds ?? 0) < 0)
    warnings.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  warnings.push(...notActedOn(spec, path));
  return warnings;
}

function selectorWarnings(spec: PodSpec, path: string): string[] {
  const warnings: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const message = deprecatedLabel(key);
    if (message) warnings.push(`${path}.nodeSelector[${key}]: ${message}`);
  }
  const affinity = spec.affinity?.nodeAffinity;
  const affinityPath = `${path}.affinity.nodeAffinity`;
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  required.forEach((term, index) => {
    const at = `${affinityPath}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`;
    warnings.push(...nodeSelectorTermWarnings(term, at));
  });
  (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach(({ preference = {} }, index) => {
    const at = `${affinityPath}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`;
    warnings.push(...nodeSelectorTermWarnings(preference, at));
  });
  (spec.topologySpreadConstraints ?? []).forEach(({ topologyKey = '', labelSelector }, index) => {
    const at = `${path}.topologySpreadConstraints[${index}]`;
    const message = deprecatedLabel(topologyKey);
    if (message) warnings.push(`${at}.topologyKey: ${topologyKey} is ${message}`);
    if (!labelSelector) warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`);
  });
  return warnings;
}

const removedVolumes: readonly [field: keyof Volume, since: string, name?: string][] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

function volumeWarnings(volumes: readonly Volume[], path: string): string[] {
  const removed = volumes.flatMap((volume, index) => [
    ...removedVolumes
      .filter(([field]) => volume[field])
      .map(([field, since, name = field]) => `${path}.volumes[${index}].${name}: ${since}`),
    ...claimWarnings(
      volume.ephemeral?.volumeClaimTemplate?.spec ?? {},
      `${path}.volumes[${index}].ephemeral.volumeClaimTemplate.spec`,
    ),
  ]);
  const sourceless = volumes
    .filter(({ projected }) => projected?.sources?.some((source) => Object.keys(source).length === 0))
    .map(({ name = '' }) => `volume ${goQuote(name)} (Projected) has no sources provided`);
  return [...removed, ...overlapWarnings(volumes, path), ...sourceless];
}

// A token's file that another source of some projected volume would overwrite.
function overlapWarnings(volumes: readonly Volume[], path: string): string[] {
  const sources = volumes.map(({ projected }) => projected?.sources ?? []);
  const tokens = new Set(
    sources.flatMap((each) => each.flatMap(({ serviceAccountToken: token }) => (token ? [token.path ?? ''] : []))),
  );
  if (!tokens.size) return [];
  return sources.flatMap((each, volume) =>
    each.flatMap(({ configMap, secret, downwardAPI }) =>
      (
        [
          ['configMap', configMap?.items],
          ['secrets', secret?.items],
          ['downwardAPI', downwardAPI?.items],
        ] as const
      ).flatMap(([name, items]) =>
        (items ?? []).flatMap(({ path: file = '' }, index) =>
          tokens.has(file)
            ? [
                `${path}.volumes[${volume}].projected.sources.${name}[${index}]: has duplicated path with ServiceAccountToken ${goQuote(file)}`,
              ]
            : [],
        ),
      ),
    ),
  );
}

function repetitionWarnings({ hostAliases = [], imagePullSecrets = [] }: PodSpec, path: string): string[] {
  const warnings: string[] = [];
  const addresses = new Set<string>();
  hostAliases.forEach(({ ip = '' }, index) => {
    if (addresses.has(ip)) warnings.push(`${path}.hostAliases[${index}].ip: duplicate ip ${goQuote(ip)}`);
    addresses.add(ip);
  });
  const names = new Set<string>();
  imagePullSecrets.forEach(({ name = '' }, index) => {
    if (names.has(name)) warnings.push(`${path}.imagePullSecrets[${index}].name: duplicate name ${goQuote(name)}`);
    names.add(name);
  });
  imagePullSecrets.forEach(({ name = '' }, index) => {
    if (!name) warnings.push(`${path}.imagePullSecrets[${index}].name: invalid empty name ""`);
  });
  return warnings;
}

function fractionWarnings(
  list: Record<string, string> | undefined,
  path: string,
  names = ['memory', 'ephemeral-storage'],
) {
  return names.flatMap((name) => {
    const value = list && Object.hasOwn(list, name) ? list[name] : undefined;
    if (value === undefined || isWhole(value)) return [];
    return [`${path}[${name}]: fractional byte value ${goQuote(value)} is invalid, must be an integer`];
  });
}

function containerWarnings({ resources, env = [] }: Container, path: string): string[] {
  const warnings = ['memory', 'ephemeral-storage'].flatMap((name) => [
    ...fractionWarnings(resources?.limits, `${path}.resources.limits`, [name]),
    ...fractionWarnings(resources?.requests, `${path}.resources.requests`, [name]),
  ]);
  const names = new Set<string>();
  env.forEach(({ name = '', value = '', valueFrom }, index) => {
    const reference = `$(${name})`;
    // A value that mentions the earlier one adds to it; any other hides it.
    if (names.has(name) && (valueFrom || value === reference || !value.includes(reference)))
      warnings.push(
        `${path}.env[${index}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`,
      );
    names.add(name);
  });
  return warnings;
}

type Port = Fields<V1ContainerPort>;

function portWarnings(spec: PodSpec, path: string): string[] {
  const warnings: string[] = [];
  const seen: { at: string; port: Port; container: string }[] = [];
  for (const { container, path: containerPath } of containersWithPath(spec, path))
    (container.ports ?? []).forEach((port, index) => {
      const at = `${containerPath}.ports[${index}]`;
      if (port.hostIP && !port.hostPort) warnings.push(`${at}: hostIP set without hostPort: ${printedPort(port)}`);
      for (const other of seen) warnings.push(...overlap(at, port, other));
      seen.push({ at, port, container: containerPath });
    });
  return [...warnings, ...portNameWarnings(seen)];
}

function overlap(at: string, port: Port, other: { at: string; port: Port }): string[] {
  if (port.containerPort !== other.port.containerPort || port.protocol !== other.port.protocol) return [];
  const [address, otherAddress] = [port.hostIP ?? '', other.port.hostIP ?? ''];
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.port.hostPort ?? 0];
  if (address === otherAddress && hostPort === otherHostPort)
    return [`${at}: duplicate port definition with ${other.at}`];
  if (!hostPort || !otherHostPort) return [`${at}: overlapping port definition with ${other.at}`];
  if (hostPort === otherHostPort && (!address || !otherAddress))
    return [`${at}: dangerously ambiguous port definition with ${other.at}`];
  return [];
}

function portNameWarnings(ports: readonly { at: string; port: Port; container: string }[]): string[] {
  const first = new Map<string, { at: string; container: string }>();
  return ports.flatMap(({ at, port: { name = '' }, container }) => {
    if (!name) return [];
    const before = first.get(name);
    if (!before) first.set(name, { at, container });
    if (!before || before.container === container) return [];
    return [
      `${at}: duplicate port name ${goQuote(name)} with ${before.at}, services and probes that select ports by name will use ${before.at}`,
    ];
  });
}

const printedPort = ({ name = '', hostPort = 0, containerPort = 0, protocol = '', hostIP = '' }: Port): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
