/** Windows pods: options of their own, and Linux fields they may not have. */
// Like validateWindows, validateWindowsSecurityContextOptions and validateWindowsHostProcessPod of pkg/apis/core/validation.
import type { V1WindowsSecurityContextOptions } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Subdomain } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { containersWithPath } from './pod-fields.ts';
import type { PodSpec } from './pod-fields.ts';

type Options = Fields<V1WindowsSecurityContextOptions>;

const credentialLimit = 64 * 1024;

export function validateWindowsOptions(options: Options | undefined, path: string, errors: FieldErrors): void {
  if (!options) return;
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined)
    errors.invalidEach(
      `${path}.gmsaCredentialSpecName`,
      gmsaCredentialSpecName,
      checkDNS1123Subdomain(gmsaCredentialSpecName),
    );
  if (gmsaCredentialSpec === '')
    errors.invalid(`${path}.gmsaCredentialSpec`, '', 'gmsaCredentialSpec cannot be an empty string');
  else if (gmsaCredentialSpec !== undefined && Buffer.byteLength(gmsaCredentialSpec) > credentialLimit)
    errors.invalid(`${path}.gmsaCredentialSpec`, gmsaCredentialSpec, 'gmsaCredentialSpec size must be under 64 KiB');
  if (runAsUserName !== undefined)
    errors.invalidEach(`${path}.runAsUserName`, runAsUserName, userNameProblems(runAsUserName));
}

function userNameProblems(name: string): string[] {
  if (!name) return ['runAsUserName cannot be an empty string'];
  if (/[\u0000-\u001f\u007f]/.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const [domain, user = ''] = parts.length === 2 ? parts : [undefined, parts[0]];
  const problems: string[] = [];
  if (domain !== undefined && Buffer.byteLength(domain) >= 256)
    problems.push("runAsUserName's Domain length must be under 256 characters");
  if (domain !== undefined && !isNetBiosName(domain) && !isDNSName(domain))
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (!user) problems.push("runAsUserName's User cannot be empty");
  else if (Buffer.byteLength(user) > 104)
    problems.push("runAsUserName's User length must not be longer than 104 characters");
  if (user && !/[^. ]/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  return problems;
}

const isNetBiosName = (name: string) =>
  name.length >= 1 && name.length <= 15 && !name.startsWith('.') && !/[\\/:*?"<>|]/.test(name);
const isDNSName = (name: string) =>
  name.split('.').every((label) => label.length >= 1 && label.length <= 63 && !/[^a-zA-Z0-9-]|^-|-$/.test(label));

/** Host-process containers come all or none, and share the node's network. */
export function validateHostProcess(spec: PodSpec, path: string, errors: FieldErrors): void {
  const podValue = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = containersWithPath(spec, path);
  let count = 0;
  for (const { container, path: at } of containers) {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (podValue !== undefined && own !== undefined && podValue !== own)
      errors.invalid(
        `${at}.securityContext.windowsOptions.hostProcess`,
        own,
        `pod hostProcess value must be identical if both are specified, was ${podValue}`,
      );
    if (own ?? podValue) count++;
  }
  if (!count) return;
  if (count !== containers.length)
    errors.invalid(
      path,
      '',
      'If pod contains any hostProcess containers then all containers must be HostProcess containers',
    );
  if (!spec.hostNetwork)
    errors.invalid(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers');
}

/** spec.os and what follows from it. */
export function validateOS(spec: PodSpec, path: string, errors: FieldErrors): void {
  if (!spec.os) return;
  const { name = '' } = spec.os;
  if (!name) errors.required(`${path}.os.name`);
  else if (name === 'linux') validateLinux(spec, path, errors);
  else if (name === 'windows') validateWindows(spec, path, errors);
  else errors.notSupported(`${path}.os`, name, ['linux', 'windows']);
}

function validateLinux(spec: PodSpec, path: string, errors: FieldErrors): void {
  const detail = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) errors.forbidden(`${path}.securityContext.windowsOptions`, detail);
  for (const { container, path: at } of containersWithPath(spec, path))
    if (container.securityContext?.windowsOptions) errors.forbidden(`${at}.securityContext.windowsOptions`, detail);
}

const containerFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

function validateWindows(spec: PodSpec, path: string, errors: FieldErrors): void {
  const { securityContext: context = {} } = spec;
  const refuse = (field: string, isSet: boolean) => {
    if (isSet) errors.forbidden(`${path}.${field}`, 'cannot be set for a windows pod');
  };
  const refuseOf = (field: keyof typeof context) => refuse(`securityContext.${field}`, context[field] !== undefined);
  refuseOf('appArmorProfile');
  refuseOf('seLinuxOptions');
  refuse('hostUsers', spec.hostUsers !== undefined);
  refuse('hostPID', spec.hostPID === true);
  refuse('hostIPC', spec.hostIPC === true);
  refuseOf('seccompProfile');
  refuseOf('fsGroup');
  refuseOf('fsGroupChangePolicy');
  refuse('securityContext.sysctls', Boolean(context.sysctls?.length));
  refuse('shareProcessNamespace', spec.shareProcessNamespace !== undefined);
  for (const field of [
    'runAsUser',
    'runAsGroup',
    'supplementalGroups',
    'supplementalGroupsPolicy',
    'seLinuxChangePolicy',
  ] as const)
    refuseOf(field);
  for (const { container, path: at } of containersWithPath(spec, path))
    for (const field of containerFields)
      if (container.securityContext?.[field] !== undefined)
        errors.forbidden(`${at}.securityContext.${field}`, 'cannot be set for a windows pod');
}
