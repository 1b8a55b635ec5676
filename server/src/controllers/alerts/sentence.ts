/** The sentence of an alert, for those who are told of it outside the page. */
import { fillIn, type AnyRule } from './rule.ts';

export type Language = 'en' | 'ko';

/** `params` whose values are codes are said in words. What stands in brackets is left out when its param is not known. */
export function sentence(
  { message, words = {} }: Pick<AnyRule, 'message' | 'words'>,
  params: Readonly<Record<string, string>>,
  language: Language,
): string {
  const said = Object.entries(params).map(([name, value]) => {
    const known = Object.hasOwn(words, name) ? words[name]! : {};
    return [name, Object.hasOwn(known, value) ? known[value]![language] : value];
  });
  const filled = fillIn(message[language], Object.fromEntries(said) as Record<string, string>);
  return filled.replace(/ \([^()]*\{\w+\}[^()]*\)/g, '');
}
