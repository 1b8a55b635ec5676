/** Objects as YAML and back, and what of an object a person edits. */
import { parse, parseDocument, stringify } from 'yaml';
import type { KubernetesObject } from '../cluster/kubernetes-object';

type Loose = Record<string, unknown> & { metadata?: Record<string, unknown> };

/** What the server keeps by itself: shown to nobody, changed by nobody. */
const kept = ['managedFields'];
/** What changes without anyone having edited the object. */
const moving = ['resourceVersion', 'generation', 'managedFields'];

/** Lines are never folded, and nothing is written as an alias of something else. */
const style = { lineWidth: 0, aliasDuplicateObjects: false };

function without(object: Loose, metadataFields: readonly string[], fields: readonly string[]): Loose {
  const copy: Loose = { ...object, metadata: { ...object.metadata } };
  for (const field of metadataFields) delete copy.metadata?.[field];
  for (const field of fields) delete copy[field];
  return copy;
}

/** The object as it is shown. */
export function withoutKept(object: object): object {
  return without(object as Loose, kept, []);
}

/** The text to edit. */
export function toYaml(object: KubernetesObject): string {
  return stringify(withoutKept(object), style);
}

/** What a person may have changed: everything but the status and what moves by itself, as text to compare. */
export function editableText(object: KubernetesObject): string {
  return stringify(without(object as unknown as Loose, moving, ['status']), { ...style, sortMapEntries: true });
}

export interface YamlProblem {
  readonly message: string;
  /** From one. */
  readonly line: number;
  readonly column: number;
}

export function parseYaml(text: string): { readonly object: KubernetesObject } | { readonly problem: YamlProblem } {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    const [start] = error.linePos ?? [];
    return {
      problem: { message: error.message.split('\n')[0] ?? '', line: start?.line ?? 1, column: start?.col ?? 1 },
    };
  }
  const object: unknown = parse(text);
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    return { problem: { message: 'not an object', line: 1, column: 1 } };
  return { object: object as KubernetesObject };
}

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** The lines of two texts, common ones once; by the longest common subsequence, so texts of some thousand lines at most. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i]!;
      row[j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, row[j + 1]!);
    }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      lines.push({ kind: 'removed', text: a[i++] ?? '' });
    } else lines.push({ kind: 'added', text: b[j++] ?? '' });
  }
  return lines;
}
