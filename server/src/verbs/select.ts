/** From labelSelector and fieldSelector texts to the objects they mean. */
import { matchesFields, parseFieldSelector, requiredFieldValue, type FieldSelector } from '@naru/api/field-selector';
import { matchesLabels } from '@naru/api/label-selector';
import type { AnyObject } from '@naru/api/object';
import { parseLabelSelector } from '@naru/api/parse-label-selector';
import { badRequest } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import type { Selection } from '../watch/selection.ts';
import { keyOf, prefixOf } from './object-key.ts';

export interface SelectorTexts {
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

/** The field many watches of a kind select by; its cache keeps an index of it. */
const indexedFields: ReadonlyMap<string, string> = new Map([['pods', 'spec.nodeName']]);

export function indexOf(kind: Kind): ((object: AnyObject) => string) | undefined {
  const field = indexedFields.get(kind.storagePrefix);
  return field === undefined ? undefined : kind.selectableFields?.[field];
}

/** Throws 400 for a selector that does not parse or names a field that cannot be selected by. */
export function selectionOf(kind: Kind, namespace: string, texts: SelectorTexts): Selection {
  const { labelSelector, fieldSelector } = texts;
  const prefix = prefixOf(kind, namespace);
  if (!labelSelector && !fieldSelector) return { prefix, identity: prefix };
  const labels = parseLabelSelector(labelSelector);
  const fields = parseFieldSelector(fieldSelector, (term) => {
    if (!isSelectable(kind, term.field)) throw notSelectable(kind, term.field);
    return term;
  });
  const where = whereIn(kind, namespace, fields);
  const readers = readersOf(kind, fields);
  return {
    prefix,
    identity: `${prefix}?${labelSelector}&${fieldSelector}`,
    ...where,
    matches(stored) {
      if (!matchesLabels(labels, stored.metadata.labels)) return false;
      const object = kind.conversion ? kind.conversion.fromStored(stored) : stored;
      return matchesFields(fields, (field) => readers.get(field)!(object));
    },
  };
}

const isSelectable = (kind: Kind, field: string) =>
  field === 'metadata.name' ||
  (field === 'metadata.namespace' && (kind.scope === 'Namespaced' || hasUsualFields(kind))) ||
  (kind.selectableFields !== undefined && Object.hasOwn(kind.selectableFields, field));

/** Neither more nor fewer than what every kind can be selected by. */
const hasUsualFields = ({ isCustom, selectableFields }: Kind) => !isCustom && !selectableFields;

// Like DefaultMetaV1FieldSelectorConversion of apimachinery, and what kinds with fields of their own say instead.
const notSelectable = (kind: Kind, field: string) =>
  badRequest(
    hasUsualFields(kind)
      ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  );

/** The one key, or the one index value, that matching objects can have. */
function whereIn(kind: Kind, namespace: string, fields: FieldSelector): Pick<Selection, 'key' | 'index'> {
  const name = requiredFieldValue(fields, 'metadata.name');
  const within = namespace || requiredFieldValue(fields, 'metadata.namespace') || '';
  if (name && !name.includes('/') && (within || kind.scope === 'Cluster')) return { key: keyOf(kind, within, name) };
  const indexed = indexedFields.get(kind.storagePrefix);
  const index = indexed === undefined ? undefined : requiredFieldValue(fields, indexed);
  return index === undefined || !indexOf(kind) ? {} : { index };
}

function readersOf(kind: Kind, fields: FieldSelector): Map<string, (object: AnyObject) => string> {
  const readers = new Map<string, (object: AnyObject) => string>();
  for (const { field } of fields) {
    if (field === 'metadata.name') readers.set(field, ({ metadata }) => metadata.name ?? '');
    else if (field === 'metadata.namespace') readers.set(field, ({ metadata }) => metadata.namespace ?? '');
    else readers.set(field, kind.selectableFields![field]!);
  }
  return readers;
}
