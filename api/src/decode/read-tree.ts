/** Bytes of a JSON or YAML body → tree, or the error Go would give. */
import { JsonSyntaxError, parseJsonTree } from './parse-json.ts';
import { depthError, scanJson, type JsonScan } from './json-scan.ts';
import type { JsonTree } from './json-tree.ts';
import { parseYamlTree } from './yaml-tree.ts';

export type TextFormat = 'json' | 'yaml';

export interface TextBody {
  /** What the engine's own parser read; absent where the tree must be asked. */
  plain?: { value: unknown; keys: number };
  /** Exactly what was written. */
  tree(): JsonTree;
  /** Duplicate keys of a YAML text, as go-yaml words them. */
  yamlDuplicates: readonly string[];
}

/** Throws JsonSyntaxError or YamlError. Depth is checked before anything is parsed. */
export function readText(bytes: Uint8Array, format: TextFormat): TextBody {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (format === 'yaml') {
    const { tree, duplicates } = parseYamlTree(text);
    return { tree: () => tree, yamlDuplicates: duplicates };
  }
  const scan = scanJson(text);
  if (scan.tooDeep) throw new JsonSyntaxError(depthError);
  return { ...fastRead(text, scan), tree: () => parseJsonTree(text), yamlDuplicates: [] };
}

function fastRead(text: string, { plain, keys }: JsonScan): Pick<TextBody, 'plain'> {
  if (!plain) return {};
  try {
    return { plain: { value: JSON.parse(text), keys } };
  } catch {
    return {};
  }
}
