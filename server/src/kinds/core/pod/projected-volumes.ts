/** Volumes put together from several sources, and files about the pod itself. */
// Like validateProjectionSources and validateDownwardAPIVolumeFile of pkg/apis/core/validation.
import type {
  V1DownwardAPIVolumeFile,
  V1KeyToPath,
  V1ProjectedVolumeSource,
  V1ServiceAccountTokenProjection,
} from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import type { Fields } from '../../fields.ts';
import { validateFieldReference, validateResourceReference } from './env.ts';
import { validateLocalPath } from './paths.ts';
import { validateFileMode, validateKeyToPath } from './volume-files.ts';

type File = Fields<V1DownwardAPIVolumeFile>;

const filePaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

export function validateDownwardFiles(files: readonly File[], path: string, errors: FieldErrors): void {
  for (const file of files) validateDownwardFile(file, path, errors);
}

function validateDownwardFile(file: File, path: string, errors: FieldErrors): void {
  const { fieldRef, resourceFieldRef } = file;
  if (!file.path) errors.required(`${path}.path`);
  validateLocalPath(file.path ?? '', `${path}.path`, errors);
  if (fieldRef) {
    validateFieldReference(fieldRef, filePaths, `${path}.fieldRef`, errors);
    if (resourceFieldRef)
      errors.invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
  } else if (resourceFieldRef)
    validateResourceReference(resourceFieldRef, `${path}.resourceFieldRef`, { inVolume: true }, errors);
  else errors.required(path, 'one of fieldRef and resourceFieldRef is required');
  validateFileMode(file.mode, `${path}.mode`, errors);
}

export function validateProjected(
  { sources = [], defaultMode }: Fields<V1ProjectedVolumeSource>,
  path: string,
  errors: FieldErrors,
): void {
  validateFileMode(defaultMode, `${path}.defaultMode`, errors);
  const taken = new Set<string>();
  const take = (target: string | undefined, shown: string) => {
    if (!target) return;
    if (taken.has(target)) errors.invalid(path, shown, 'conflicting duplicate paths');
    taken.add(target);
  };
  const takeItems = (items: readonly Fields<V1KeyToPath>[], at: string, name: string) =>
    items.forEach((item, index) => {
      validateKeyToPath(item, `${at}.items[${index}]`, errors);
      take(item.path, name);
    });
  sources.forEach(({ secret, configMap, downwardAPI, serviceAccountToken }, index) => {
    const at = `${path}.sources[${index}]`;
    for (const [field, source] of [
      ['secret', secret],
      ['configMap', configMap],
    ] as const) {
      if (!source) continue;
      if (!source.name) errors.required(`${at}.${field}.name`);
      takeItems(source.items ?? [], `${at}.${field}`, source.name ?? '');
    }
    for (const file of downwardAPI?.items ?? []) {
      validateDownwardFile(file, `${at}.downwardAPI`, errors);
      take(file.path, file.path ?? '');
    }
    if (serviceAccountToken) validateToken(serviceAccountToken, `${at}.serviceAccountToken`, path, errors);
    if ([secret, configMap, downwardAPI, serviceAccountToken].filter(Boolean).length > 1)
      errors.forbidden(at, 'may not specify more than 1 volume type per source');
  });
}

function validateToken(
  token: Fields<V1ServiceAccountTokenProjection>,
  at: string,
  path: string,
  errors: FieldErrors,
): void {
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < 600)
    errors.invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > 2 ** 32)
    errors.invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds');
  if (!token.path) errors.required(`${path}.path`);
  else validateLocalPath(token.path, `${path}.path`, errors);
}
