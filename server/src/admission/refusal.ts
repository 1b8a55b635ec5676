/** What a writer hears when a plugin says no. */
// Like NewForbidden of apiserver pkg/admission.
import { forbidden, type StatusError } from '@naru/api/status';
import type { Attributes } from './admission.ts';

/** 403; `why` is a sentence about the object. An object still without a name is called by its prefix. */
export function refusal({ kind, name, object }: Attributes, why: string): StatusError {
  const called = name || object?.metadata.name || object?.metadata.generateName || '';
  return forbidden({ group: kind.group, resource: kind.plural }, called, why);
}

/** Several sentences as one: each once, in brackets when there are more. */
// Like Aggregate.Error of apimachinery.
export function aggregated(sentences: readonly string[]): string {
  const each = [...new Set(sentences)];
  return each.length > 1 ? `[${each.join(', ')}]` : each.join('');
}
