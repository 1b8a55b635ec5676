/** The difference between two objects as upstream shows it in messages: a unified diff of their JSON under Go's names. */
// Like apimachinery pkg/util/diff, whose text is that of the difflib library.
import { goStruct } from './go-struct.ts';
import { unifiedDifference } from './unified-difference.ts';

/** Of values that the schema knows as `typeKey`. Ends in a line feed. */
export function goDifference(before: unknown, after: unknown, typeKey: string): string {
  const lines = (value: unknown) => `${JSON.stringify(goStruct(value, typeKey), null, 1)}\n`;
  return unifiedDifference(lines(before), lines(after));
}
