/** Annotations with which pods once said what they say in fields today; both must agree. */
// Like ValidatePodSpecificAnnotations and validateSeccompAnnotationsAndFields of pkg/apis/core/validation.
import { goQuote } from '@naru/api/go-values';
import type { FieldErrors } from '@naru/api/field-errors';
import { validateDescendingPath } from './paths.ts';
import { containersWithPath } from './pod-fields.ts';
import type { PodSpec } from './pod-fields.ts';

export type Annotations = Record<string, string> | undefined;

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
export const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
export const seccompPodAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompContainerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

export function validatePodAnnotations(
  annotations: Annotations,
  spec: PodSpec,
  path: string,
  errors: FieldErrors,
): void {
  const entries = Object.entries(annotations ?? {});
  if (!entries.length) return;
  for (const [key, value] of entries) {
    const at = `${path}[${key}]`;
    if (key === mirrorAnnotation && !spec.nodeName)
      errors.invalid(at, value, 'must set spec.nodeName if mirror pod annotation is set');
    else if (key === deletionCostAnnotation && !isDeletionCost(value))
      errors.invalid(at, value, 'must be a 32bit integer');
    else if (key === seccompPodAnnotation || key.startsWith(seccompContainerPrefix))
      validateSeccompText(value, `${path}.${key}`, errors);
    else if (key.startsWith(appArmorPrefix)) validateAppArmor(key, value, spec, at, errors);
  }
}

const isDeletionCost = (text: string) =>
  text === '0' || (/^-?[1-9][0-9]{0,9}$/.test(text) && Math.abs(Number(text) + 0.5) <= 2 ** 31);

function validateSeccompText(profile: string, path: string, errors: FieldErrors): void {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return;
  if (profile.startsWith('localhost/')) validateDescendingPath(profile.slice('localhost/'.length), path, errors);
  else errors.invalid(path, profile, 'must be a valid seccomp profile');
}

function validateAppArmor(key: string, profile: string, spec: PodSpec, path: string, errors: FieldErrors): void {
  const name = key.slice(appArmorPrefix.length);
  if (!containersWithPath(spec, '').some(({ container }) => container.name === name))
    errors.invalid(path, name, 'container not found');
  if (profile && profile !== 'runtime/default' && profile !== 'unconfined' && !profile.startsWith('localhost/'))
    errors.invalid(path, profile, `invalid AppArmor profile name: ${goQuote(profile)}`);
}

/** The deprecated annotation and the field of today must say the same. */
export function validateProfilesAgree(
  { annotations }: { annotations?: Record<string, string> },
  spec: PodSpec,
  path: string,
  errors: FieldErrors,
): void {
  if (!annotations) return;
  const valueOf = (key: string) => (Object.hasOwn(annotations, key) ? annotations[key] : undefined);
  const podSeccomp = spec.securityContext?.seccompProfile;
  const podText = valueOf(seccompPodAnnotation);
  if (podSeccomp && podText !== undefined)
    requireAgreement('seccomp', podText, podSeccomp, `${path}.securityContext.seccompProfile`, errors);
  for (const { container, path: at } of containersWithPath(spec, path)) {
    const profile = container.securityContext?.seccompProfile;
    const text = valueOf(`${seccompContainerPrefix}${container.name}`);
    if (profile && text !== undefined)
      requireAgreement('seccomp', text, profile, `${at}.securityContext.seccompProfile`, errors);
  }
  if (spec.os?.name === 'windows') return;
  for (const { container, path: at } of containersWithPath(spec, path)) {
    const profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    const text = valueOf(`${appArmorPrefix}${container.name}`);
    if (profile && text !== undefined)
      requireAgreement('apparmor', text, profile, `${at}.securityContext.appArmorProfile`, errors);
  }
}

function requireAgreement(
  what: 'seccomp' | 'apparmor',
  text: string,
  { type, localhostProfile }: { type?: string; localhostProfile?: string },
  path: string,
  errors: FieldErrors,
): void {
  const typeDiffers = () => errors.forbidden(`${path}.type`, `${what} type in annotation and field must match`);
  if (type === 'Unconfined' && text !== 'unconfined') typeDiffers();
  else if (
    type === 'RuntimeDefault' &&
    text !== 'runtime/default' &&
    !(what === 'seccomp' && text === 'docker/default')
  )
    typeDiffers();
  else if (type === 'Localhost') {
    if (!text.startsWith('localhost/')) typeDiffers();
    else if (localhostProfile === undefined || text.slice('localhost/'.length) !== localhostProfile)
      errors.forbidden(`${path}.localhostProfile`, `${what} profile in annotation and field must match`);
  }
}
