/** What a container's and a pod's processes may do and as whom they run. */
// Like ValidateSecurityContext and validatePodSpecSecurityContext of pkg/apis/core/validation.
import type { V1AppArmorProfile, V1SeccompProfile, V1Sysctl } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkUserId } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { goStruct } from '../../go-struct.ts';
import { validateDescendingPath } from './paths.ts';
import { validateWindowsOptions } from './windows.ts';
import type { PodSpec, SecurityContext } from './pod-fields.ts';

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

export function validateSecurityContext(
  context: SecurityContext,
  hostUsers: boolean,
  path: string,
  errors: FieldErrors,
): void {
  const { runAsUser, runAsGroup, procMount } = context;
  if (runAsUser !== undefined) errors.invalidEach(`${path}.runAsUser`, runAsUser, checkUserId(runAsUser));
  if (runAsGroup !== undefined) errors.invalidEach(`${path}.runAsGroup`, runAsGroup, checkUserId(runAsGroup));
  if (procMount !== undefined) {
    if (procMount !== 'Default' && procMount !== 'Unmasked')
      errors.notSupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']);
    if (hostUsers && procMount === 'Unmasked')
      errors.invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`');
  }
  validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`, errors);
  validateEscalation(context, path, errors);
  validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`, errors);
  validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`, errors);
}

function validateEscalation(context: SecurityContext, path: string, errors: FieldErrors): void {
  if (context.allowPrivilegeEscalation !== false) return;
  const whole = () => goStruct(context, 'k8s.io.api.core.v1.SecurityContext');
  if (context.privileged)
    errors.invalid(path, whole(), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
  for (const capability of context.capabilities?.add ?? [])
    if (capability === 'CAP_SYS_ADMIN')
      errors.invalid(
        path,
        whole(),
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      );
}

function validateSeccompProfile(
  profile: Fields<V1SeccompProfile> | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (!profile) return;
  const { type = '', localhostProfile } = profile;
  if (!type) errors.required(`${path}.type`, 'type is required when seccompProfile is set');
  else if (!profileTypes.includes(type)) errors.notSupported(`${path}.type`, type, profileTypes);
  if (type === 'Localhost') {
    if (localhostProfile === undefined)
      errors.required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost');
    else validateDescendingPath(localhostProfile, `${path}.localhostProfile`, errors);
  } else if (localhostProfile !== undefined)
    errors.invalid(
      `${path}.localhostProfile`,
      goStruct(profile, 'k8s.io.api.core.v1.SeccompProfile'),
      'can only be set when seccomp type is Localhost',
    );
}

const pathMax = 4095;

function validateAppArmorProfile(
  profile: Fields<V1AppArmorProfile> | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (!profile) return;
  const { type = '', localhostProfile } = profile;
  const at = `${path}.localhostProfile`;
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.required(at, 'must be set when AppArmor type is Localhost');
    else {
      if (localhostProfile.trim() !== localhostProfile)
        errors.invalid(at, localhostProfile, 'must not be padded with whitespace');
      else if (!localhostProfile) errors.required(at, 'must be set when AppArmor type is Localhost');
      if (Buffer.byteLength(localhostProfile) > pathMax) errors.tooLong(at, pathMax);
    }
  } else if (!type) errors.required(`${path}.type`, 'type is required when appArmorProfile is set');
  else if (!profileTypes.includes(type)) errors.notSupported(`${path}.type`, type, profileTypes);
  else if (localhostProfile !== undefined)
    errors.invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost');
}

export function validatePodSecurityContext(spec: PodSpec, path: string, errors: FieldErrors): void {
  const context = spec.securityContext;
  if (spec.shareProcessNamespace && spec.hostPID && !context) shareWithHost(path, errors);
  if (!context) return;
  for (const field of ['fsGroup', 'runAsUser', 'runAsGroup'] as const) {
    const id = context[field];
    if (id !== undefined) errors.invalidEach(`${path}.${field}`, id, checkUserId(id));
  }
  (context.supplementalGroups ?? []).forEach((group, index) =>
    errors.invalidEach(`${path}.supplementalGroups[${index}]`, group, checkUserId(group)),
  );
  if (spec.shareProcessNamespace && spec.hostPID) shareWithHost(path, errors);
  validateSysctls(context.sysctls ?? [], spec, `${path}.sysctls`, errors);
  oneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`, errors);
  validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`, errors);
  validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`, errors);
  validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`, errors);
  oneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`, errors);
  oneOf(context.seLinuxChangePolicy, ['MountOption', 'Recursive'], `${path}.seLinuxChangePolicy`, errors);
}

const shareWithHost = (path: string, errors: FieldErrors) =>
  errors.invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');

const oneOf = (value: string | undefined, supported: string[], path: string, errors: FieldErrors) => {
  if (value !== undefined && !supported.includes(value)) errors.notSupported(path, value, supported);
};

const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const isSysctl = (name: string) =>
  name.length <= 253 && !/[^-_a-z0-9./]|^[-_./]|[-_./]$|[./][-_./]|[-_][./]/.test(name);

function validateSysctls(sysctls: readonly Fields<V1Sysctl>[], spec: PodSpec, path: string, errors: FieldErrors): void {
  const names = new Set<string>();
  sysctls.forEach(({ name = '' }, index) => {
    const at = `${path}[${index}].name`;
    if (!name) errors.required(at);
    else if (!isSysctl(name))
      errors.invalid(at, name, `must have at most 253 characters and match regex ${sysctlPattern}`);
    else if (names.has(name)) errors.duplicate(at, name);
    const namespace = sysctlNamespace(name);
    if (spec.hostNetwork && namespace === 'net')
      errors.invalid(at, name, "may not be specified when 'hostNetwork' is true");
    else if (spec.hostIPC && namespace === 'ipc')
      errors.invalid(at, name, "may not be specified when 'hostIPC' is true");
    names.add(name);
  });
}

/** The kernel namespace that a sysctl belongs to. Like component-helpers/node/util/sysctl. */
function sysctlNamespace(name: string): 'net' | 'ipc' | '' {
  const dotted = name.replaceAll('/', '.');
  if (dotted.startsWith('net.')) return 'net';
  if (dotted === 'kernel.sem' || /^kernel\.(shm|msg)/.test(dotted) || dotted.startsWith('fs.mqueue.')) return 'ipc';
  return '';
}
