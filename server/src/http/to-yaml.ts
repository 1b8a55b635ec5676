/** Objects as YAML, spelled as Kubernetes spells them: sorted keys, lists not indented. */
import { stringify } from 'yaml';

export function toYaml(value: unknown): string {
  return stringify(value, {
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 80,
    singleQuote: true,
    version: '1.1',
    aliasDuplicateObjects: false,
  });
}
