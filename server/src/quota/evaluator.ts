/** How the objects of one kind count towards quotas. Pure. */
// Like apiserver pkg/quota/v1 Evaluator, and its generic object count evaluator.
import type { AnyObject } from '@naru/api/object';
import type { Amounts } from './quantity-lists.ts';

export interface ScopeRequirement {
  scopeName: string;
  operator: string;
  values: readonly string[];
}

export interface Evaluator {
  /** Whether such a write can change what is used. */
  handles(operation: string, subresource: string): boolean;
  /** `now` in milliseconds since 1970. */
  usage(object: AnyObject, now: number): Amounts;
  /** Which of the resources a quota names are counted here. */
  matching(names: Iterable<string>): string[];
  /** What the object should have said so that it can be counted; a sentence. */
  missing?(names: readonly string[], object: AnyObject): string | undefined;
  /** Absent: the kind has no scopes, and quotas with scopes do not count it. */
  isInScope?(scope: ScopeRequirement, object: AnyObject): boolean;
}

export interface GroupResource {
  group: string;
  plural: string;
}

export const countName = ({ group, plural }: GroupResource): string => `count/${group ? `${plural}.${group}` : plural}`;

/** Kinds whose number could be limited before all numbers could. */
const oldNames = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** For kinds of which only the number counts. */
export function countEvaluator(resource: GroupResource): Evaluator {
  const names = [countName(resource), ...(!resource.group && oldNames.has(resource.plural) ? [resource.plural] : [])];
  return {
    handles: (operation, subresource) => operation === 'CREATE' && subresource === '',
    usage: () => new Map(names.map((name) => [name, '1'])),
    matching: (asked) => [...asked].filter((name) => names.includes(name)),
  };
}
