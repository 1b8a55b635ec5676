/** What may not be said in a pod's status. */
// Like ValidatePodStatusUpdate of pkg/apis/core/validation.
import type { V1ContainerStatus } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkIPSloppily, ipFamily } from '@naru/api/ip-addresses';
import { checkDNS1123Subdomain, checkQualifiedName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { validatePodAnnotations } from './annotations.ts';
import { isSidecar } from './pod-fields.ts';
import type { Pod } from './pod-fields.ts';

type Status = Fields<V1ContainerStatus>;

const ownConditions = new Set(['PodScheduled', 'Ready', 'Initialized']);

export function validatePodStatusUpdate(pod: Pod, old: Pod, errors: FieldErrors): void {
  const { status = {}, spec = {} } = pod;
  const { status: before = {} } = old;
  validatePodAnnotations(pod.metadata.annotations, spec, 'metadata.annotations', errors);
  (status.conditions ?? []).forEach(({ type = '', observedGeneration = 0 }, index) => {
    if (!ownConditions.has(type))
      errors.invalidEach(`status.conditions[${index}].Type`, type, checkQualifiedName(type));
    validateGeneration(observedGeneration, `status.conditions[${index}].observedGeneration`, errors);
  });
  validateGeneration(status.observedGeneration ?? 0, 'status.observedGeneration', errors);
  const { nominatedNodeName: nominated } = status;
  if (nominated && nominated !== before.nominatedNodeName)
    errors.invalidEach('status.nominatedNodeName', nominated, checkDNS1123Subdomain(nominated));
  if ((status.qosClass ?? '') !== (before.qosClass ?? ''))
    errors.invalid('status.qosClass', status.qosClass ?? '', 'field is immutable');
  validateTransitions(pod, old, errors);
  validateAddresses(status.podIPs ?? [], 'status.podIPs', errors);
  const hostIPs = status.hostIPs ?? [];
  if (hostIPs.length && (status.hostIP ?? '') !== (hostIPs[0]?.ip ?? ''))
    errors.invalid('status.hostIPs[0].ip', hostIPs[0]?.ip ?? '', 'must be equal to `hostIP`');
  validateAddresses(hostIPs, 'status.hostIPs', errors);
}

function validateGeneration(generation: number, path: string, errors: FieldErrors): void {
  if (generation < 0) errors.invalid(path, generation, 'must be a non-negative integer');
}

/** A container that is not to be restarted stays ended. */
function validateTransitions({ status = {} }: Pod, { status: before = {}, spec = {} }: Pod, errors: FieldErrors): void {
  const all = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const restartsAll = all.some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'),
  );
  if (restartsAll) return;
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;
  for (const list of lists) {
    const policy = list === 'ephemeralContainerStatuses' ? 'Never' : spec.restartPolicy;
    if (policy === 'Always') continue;
    (before[list] ?? []).forEach((old: Status, index) => {
      const ended = old.state?.terminated;
      if (!ended || (ended.exitCode && policy === 'OnFailure') || sidecars.has(old.name)) return;
      const own = all.find(({ name }) => name === old.name);
      if (own?.restartPolicy !== undefined || own?.restartPolicyRules?.length) return;
      if (status[list]?.some(({ name, state }) => name === old.name && !state?.terminated))
        errors.forbidden(`status.${list}[${index}].state`, 'may not be transitioned to non-terminated state');
    });
  }
}

function validateAddresses(addresses: readonly { ip?: string }[], path: string, errors: FieldErrors): void {
  addresses.forEach(({ ip = '' }, index) => errors.invalidEach(`${path}[${index}]`, ip, checkIPSloppily(ip)));
  if (addresses.length < 2) return;
  const families = new Set(addresses.map(({ ip = '' }) => ipFamily(ip)));
  if (families.size < 2 || addresses.length > 2)
    errors.invalid(
      path,
      addresses.map(({ ip = '' }) => ({ IP: ip })),
      'may specify no more than one IP for each IP family',
    );
  const seen = new Set<string>();
  addresses.forEach(({ ip = '' }, index) => {
    if (seen.has(ip)) errors.duplicate(`${path}[${index}]`, { IP: ip });
    seen.add(ip);
  });
}
