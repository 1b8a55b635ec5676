/** Descriptions of types and fields: kept on disk, read when a document is made, and forgotten after it. */
import { existsSync, readFileSync } from 'node:fs';

/** Description of a schema, or of one of its fields; undefined when upstream has none. */
export type Describe = (schema: string, field?: string) => string | undefined;

/** Written by generate-descriptions.ts: `schema TAB {"": description, "field": description}` in each line. */
export const descriptionsFile = new URL('../../schema/generated/descriptions.txt', import.meta.url);

/** Where users run it, the program is one file and the descriptions lie in a folder beside it. */
const besideProgram = new URL('./schema/descriptions.txt', import.meta.url);

/** Reads the whole file; only the schemas that are asked for are parsed. */
export function readDescriptions(
  file: URL | string = existsSync(besideProgram) ? besideProgram : descriptionsFile,
): Describe {
  const text = readFileSync(file, 'utf8');
  const parsed = new Map<string, Map<string, string>>();
  return (schema, field = '') => {
    let entry = parsed.get(schema);
    if (!entry) {
      entry = lineOf(text, schema);
      parsed.set(schema, entry);
    }
    return entry.get(field);
  };
}

function lineOf(text: string, schema: string): Map<string, string> {
  const start = text.startsWith(`${schema}\t`) ? 0 : text.indexOf(`\n${schema}\t`) + 1;
  if (start === 0 && !text.startsWith(`${schema}\t`)) return new Map();
  const end = text.indexOf('\n', start);
  const line = text.slice(start + schema.length + 1, end < 0 ? undefined : end);
  return new Map(Object.entries(JSON.parse(line) as Record<string, string>));
}
