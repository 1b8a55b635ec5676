/** Objects as YAML, spelled as Kubernetes spells them: sorted keys, lists not indented. */
import { stringify } from 'yaml';
import { foldLines } from './fold-yaml.ts';

export function toYaml(value: unknown): string {
  const text = stringify(value, {
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    singleQuote: true,
    version: '1.1',
    aliasDuplicateObjects: false,
  });
  return foldLines(text);
}
