/** Which object among all kinds: its resource and its key in one text, so that queues and sets can hold it. */
import type { ResourceRef } from '@naru/api/client/client';

/** `apps/v1/replicasets|default/web`. */
export const referenceOf = ({ group, version, plural }: ResourceRef, key: string): string =>
  `${group}/${version}/${plural}|${key}`;

export function splitReference(reference: string): { resource: string; key: string } {
  const bar = reference.indexOf('|');
  return { resource: reference.slice(0, bar), key: reference.slice(bar + 1) };
}

export const resourceKey = ({ group, version, plural }: ResourceRef): string => `${group}/${version}/${plural}`;
