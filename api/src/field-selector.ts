/** Field selectors: `metadata.name=a,status.phase!=Running`, with `\` before `\`, `,` and `=` in values. */
// Like apimachinery pkg/fields/selector.go.
import { badRequest } from './status.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** All terms must hold. Empty: matches everything. */
export type FieldSelector = readonly FieldRequirement[];

/** A term's place in the text ends at a comma that no backslash precedes. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms.filter((term) => term !== '').sort();
}

function splitTerm(term: string): { field: string; operator: '=' | '!='; value: string } | undefined {
  for (let i = 0; i < term.length; i++) {
    if (term.startsWith('!=', i)) return { field: term.slice(0, i), operator: '!=', value: term.slice(i + 2) };
    if (term.startsWith('==', i)) return { field: term.slice(0, i), operator: '=', value: term.slice(i + 2) };
    if (term[i] === '=') return { field: term.slice(0, i), operator: '=', value: term.slice(i + 1) };
  }
  return undefined;
}

function unescapeValue(text: string): string {
  let value = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === ',' || char === '=')
      // Upstream prints the number of the character here, not the character.
      throw badRequest(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    if (char !== '\\') {
      value += char;
      continue;
    }
    const escaped = i + 1 < text.length ? String.fromCodePoint(text.codePointAt(++i) as number) : '';
    if (!escaped || !'\\,='.includes(escaped))
      throw badRequest(`invalid field selector: invalid escape sequence: \\${escaped}`);
    value += escaped;
  }
  return value;
}

/**
 * Throws a 400 StatusError with upstream's message. `convert` then sees each term, and may rename the field or throw:
 * which fields a kind has is the kind's business.
 */
export function parseFieldSelector(
  text: string,
  convert: (term: FieldRequirement) => FieldRequirement = (term) => term,
): FieldSelector {
  const terms = splitTerms(text).map((term) => {
    const parts = splitTerm(term);
    if (!parts) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    return { ...parts, value: unescapeValue(parts.value) };
  });
  return terms.map(convert);
}

/** `get` answers a field's value; upstream treats a field that is not there as the empty string. */
export const matchesFields = (selector: FieldSelector, get: (field: string) => string | undefined): boolean =>
  selector.every(({ field, operator, value }) => ((get(field) ?? '') === value) === (operator === '='));

/** The only value `field` may have, when the selector says so: lets an index or a single key answer. */
export const requiredFieldValue = (selector: FieldSelector, field: string): string | undefined =>
  selector.find((term) => term.field === field && term.operator === '=')?.value;

export const formatFieldSelector = (selector: FieldSelector): string =>
  selector.map(({ field, operator, value }) => `${field}${operator}${value.replace(/[\\,=]/g, '\\$&')}`).join(',');
