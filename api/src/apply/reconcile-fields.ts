/** Brings a manager's fields in line with a type that has since become atomic: it then owns the whole. */
// Like structured-merge-diff typed/reconcile_schema.go. The other way round (from atomic to granular) nothing is added:
// a lone field cannot be told from an emptied map, and a v1.36 server leaves it alone.
import { memberWith, noFields, type FieldSet } from './field-set.ts';
import { printElement } from './path-element.ts';
import { deduced, typeUnder, type ValueType } from './value-type.ts';

function leadsOn(node: FieldSet): boolean {
  for (const element in node) if (element !== '.') return true;
  return false;
}

function typeOfElement(type: ValueType, element: string): ValueType {
  const found = element.startsWith('f:') ? type.map && typeUnder(type.map, element.slice(2)) : type.list?.items;
  if (!found)
    throw new Error(`errors reconciling field set with schema: ${printElement(element)}: field not declared in schema`);
  return found;
}

/** `fields` itself when nothing changed. Throws Error when a field is not declared. */
export function reconcileFields(fields: FieldSet, type: ValueType): FieldSet {
  if (type === deduced) return fields;
  let result: Record<string, FieldSet> | undefined;
  for (const element in fields) {
    if (element === '.') continue;
    const node = fields[element] as FieldSet;
    const reconciled = reconcileNode(node, typeOfElement(type, element));
    if (reconciled !== node) (result ??= { ...fields })[element] = reconciled;
  }
  return result ?? fields;
}

function reconcileNode(node: FieldSet, type: ValueType): FieldSet {
  const container = type.map ?? (type.scalar ? undefined : type.list);
  if (!container || !leadsOn(node)) return node;
  if (container.atomic) return memberWith(noFields);
  return reconcileFields(node, type);
}
