/** All that can be wrong with a pod's spec, in a pod or in a template. */
// Like ValidatePodSpec and ValidatePodTemplateSpec of pkg/apis/core/validation.
import type { V1PodResourceClaim } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import {
  checkDNS1123Label,
  checkDNS1123Subdomain,
  checkInRange,
  checkQualifiedName,
  subdomainName,
} from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { goStruct } from '../../go-struct.ts';
import { validateAnnotations, validateLabels } from '../../label-maps.ts';
import { validateAffinity } from './affinity.ts';
import { validatePodAnnotations, validateProfilesAgree } from './annotations.ts';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers.ts';
import { validateDNSConfig, validateDNSPolicy, validateHostAliases } from './dns.ts';
import { validateContainerResources, validatePodLevelResources } from './resources.ts';
import { validatePodSecurityContext } from './security-context.ts';
import { validateTolerations } from './tolerations.ts';
import { validateTopologySpread } from './topology-spread.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess, validateOS } from './windows.ts';
import type { PodContext, PodSpec, PodTemplate } from './pod-fields.ts';

interface SpecOf {
  /** Of the pod; empty for a template. */
  podName: string;
  isPod: boolean;
}

export function validatePodSpec(spec: PodSpec, { podName, isPod }: SpecOf, path: string, errors: FieldErrors): void {
  if (spec.terminationGracePeriodSeconds === undefined) errors.required(`${path}.terminationGracePeriodSeconds`);
  const volumes = validateVolumes(spec.volumes ?? [], { podName, isPod }, `${path}.volumes`, errors);
  const claims = spec.resourceClaims ?? [];
  validateResourceClaims(claims, `${path}.resourceClaims`, errors);
  const context: PodContext = {
    volumes,
    claimNames: new Set(claims.map(({ name = '' }) => name).filter(Boolean)),
    gracePeriod: spec.terminationGracePeriodSeconds,
    restartPolicy: spec.restartPolicy ?? '',
    hostUsers: spec.hostUsers ?? true,
    isPod,
  };
  validateContainers(spec, context, `${path}.containers`, errors);
  validateInitContainers(spec, context, `${path}.initContainers`, errors);
  validateEphemeralContainers(spec, context, `${path}.ephemeralContainers`, errors);
  validatePodLevelResources(spec, context.claimNames, `${path}.resources`, errors);
  validateHostPorts(spec, isPod, path, errors);
  validateRestartPolicy(spec.restartPolicy ?? '', `${path}.restartPolicy`, errors);
  validateDNSPolicy(spec.dnsPolicy ?? '', `${path}.dnsPolicy`, errors);
  validateLabels(spec.nodeSelector, `${path}.nodeSelector`, errors);
  validatePodSecurityContext(spec, `${path}.securityContext`, errors);
  if (spec.affinity) validateAffinity(spec.affinity, `${path}.affinity`, errors);
  validateDNSConfig(spec, `${path}.dnsConfig`, errors);
  validateGates(spec, path, errors);
  validateTopologySpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`, errors);
  validateHostProcess(spec, path, errors);
  validateHostUsers(spec, path, errors);
  validateNames(spec, path, errors);
  validateTolerations(spec.tolerations ?? [], `${path}.tolerations`, errors);
  validateHostAliases(spec.hostAliases ?? [], `${path}.hostAliases`, errors);
  validateClasses(spec, path, errors);
  validateOS(spec, path, errors);
  validateHostnameOverride(spec, `${path}.hostnameOverride`, errors);
}

function validateResourceClaims(
  claims: readonly Fields<V1PodResourceClaim>[],
  path: string,
  errors: FieldErrors,
): void {
  const names = new Set<string>();
  claims.forEach((claim, index) => {
    const at = `${path}[${index}]`;
    const { name = '', resourceClaimName, resourceClaimTemplateName } = claim;
    if (!name) errors.required(`${at}.name`);
    else if (names.has(name)) errors.duplicate(`${at}.name`, name);
    else errors.invalidEach(`${at}.name`, name, checkDNS1123Label(name));
    names.add(name);
    const whole = () => goStruct(claim, 'k8s.io.api.core.v1.PodResourceClaim');
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      errors.invalid(at, whole(), 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified');
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      errors.invalid(at, whole(), 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    for (const [field, value] of Object.entries({ resourceClaimName, resourceClaimTemplateName }))
      if (value !== undefined) errors.invalidEach(`${at}.${field}`, value, checkDNS1123Subdomain(value));
  });
}

// With the node's network a container's port is the node's port.
function validateHostPorts(spec: PodSpec, isPod: boolean, path: string, errors: FieldErrors): void {
  if (!spec.hostNetwork) return;
  (spec.containers ?? []).forEach(({ ports = [] }, container) =>
    ports.forEach(({ hostPort = 0, containerPort = 0 }, index) => {
      if ((isPod || hostPort) && hostPort !== containerPort)
        errors.invalid(
          `${path}.containers[${container}].ports[${index}].hostPort`,
          hostPort,
          'must match `containerPort` when `hostNetwork` is true',
        );
    }),
  );
}

function validateRestartPolicy(policy: string, path: string, errors: FieldErrors): void {
  const policies = ['Always', 'OnFailure', 'Never'];
  if (!policy) errors.required(path);
  else if (!policies.includes(policy)) errors.notSupported(path, policy, policies);
}

function validateGates(
  { readinessGates = [], schedulingGates = [] }: PodSpec,
  path: string,
  errors: FieldErrors,
): void {
  readinessGates.forEach(({ conditionType = '' }, index) =>
    errors.invalidEach(
      `${path}.readinessGates[${index}].conditionType`,
      conditionType,
      checkQualifiedName(conditionType),
    ),
  );
  const seen = new Set<string>();
  schedulingGates.forEach(({ name = '' }, index) => {
    const at = `${path}.schedulingGates[${index}]`;
    errors.invalidEach(at, name, checkQualifiedName(name));
    if (seen.has(name)) errors.duplicate(at, name);
    seen.add(name);
  });
}

function validateHostUsers(spec: PodSpec, path: string, errors: FieldErrors): void {
  if (spec.hostUsers ?? true) return;
  const detail = 'when `pod.Spec.HostUsers` is false';
  if (spec.hostNetwork) errors.forbidden(`${path}.hostNetwork`, detail);
  if (spec.hostPID) errors.forbidden(`${path}.HostPID`, detail);
  if (spec.hostIPC) errors.forbidden(`${path}.HostIPC`, detail);
}

const asName = (value: string) => subdomainName(value, { generateName: false });
const maxInt32 = 2 ** 31 - 1;

function validateNames(spec: PodSpec, path: string, errors: FieldErrors): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds: deadline, hostname, subdomain } = spec;
  if (serviceAccountName)
    errors.invalidEach(`${path}.serviceAccountName`, serviceAccountName, asName(serviceAccountName));
  if (nodeName) errors.invalidEach(`${path}.nodeName`, nodeName, asName(nodeName));
  if (deadline !== undefined)
    errors.invalidEach(`${path}.activeDeadlineSeconds`, deadline, checkInRange(deadline, 1, maxInt32));
  if (hostname) errors.invalidEach(`${path}.hostname`, hostname, checkDNS1123Label(hostname));
  if (subdomain) errors.invalidEach(`${path}.subdomain`, subdomain, checkDNS1123Label(subdomain));
}

function validateClasses(spec: PodSpec, path: string, errors: FieldErrors): void {
  const { priorityClassName, runtimeClassName, preemptionPolicy, overhead } = spec;
  if (priorityClassName) errors.invalidEach(`${path}.priorityClassName`, priorityClassName, asName(priorityClassName));
  if (runtimeClassName !== undefined)
    errors.invalidEach(`${path}.runtimeClassName`, runtimeClassName, asName(runtimeClassName));
  validatePreemptionPolicy(preemptionPolicy, `${path}.preemptionPolicy`, errors);
  if (overhead) validateContainerResources({ limits: overhead }, new Set(), `${path}.overhead`, errors);
}

export function validatePreemptionPolicy(policy: string | undefined, path: string, errors: FieldErrors): void {
  const policies = ['PreemptLowerPriority', 'Never'];
  if (policy === '') errors.required(path);
  else if (policy !== undefined && !policies.includes(policy)) errors.notSupported(path, policy, policies);
}

function validateHostnameOverride(spec: PodSpec, path: string, errors: FieldErrors): void {
  const { hostnameOverride: name } = spec;
  if (name === undefined) return;
  if (spec.setHostnameAsFQDN) errors.forbidden(path, 'may not be specified when setHostnameAsFQDN is true');
  if (spec.hostNetwork) errors.forbidden(path, 'may not be specified when hostNetwork is true');
  if (Buffer.byteLength(name) > 64) errors.tooLong(path, 64);
  else errors.invalidEach(path, name, checkDNS1123Subdomain(name));
}

/** A template of pods in another kind. */
export function validatePodTemplate(template: PodTemplate, path: string, errors: FieldErrors): void {
  const { metadata = {}, spec = {} } = template;
  validateLabels(metadata.labels, `${path}.labels`, errors);
  validateAnnotations(metadata.annotations, `${path}.annotations`, errors);
  validatePodAnnotations(metadata.annotations, spec, `${path}.annotations`, errors);
  validatePodSpec(spec, { podName: '', isPod: false }, `${path}.spec`, errors);
  validateProfilesAgree(metadata, spec, `${path}.spec`, errors);
  if (spec.ephemeralContainers?.length)
    errors.forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
}
