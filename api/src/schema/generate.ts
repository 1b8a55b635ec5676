/** Writes schema/generated/table.ts from the API facts and those of our own kinds; `--verify` only compares and exits with 1 when it differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tableSource } from './compile-facts.ts';
import type { Facts, OwnFacts } from './facts.ts';

const schemaFolder = new URL('../../schema/', import.meta.url);
const target = new URL('generated/table.ts', schemaFolder);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, schemaFolder), 'utf8')) as unknown;

const { types: enums } = read('enum-types.json') as { types: Record<string, string[]> };
const upstream = read('api-facts.json') as Facts;
const own = read('naru-types.json') as OwnFacts;
const facts = { ...upstream, types: { ...upstream.types, ...own.types } };
const source = tableSource(facts, { ...enums, ...own.enums });

if (!process.argv.includes('--verify')) {
  writeFileSync(target, source);
} else if (readFileSync(target, 'utf8') !== source) {
  console.error('api/schema/generated/table.ts is out of date: run node api/src/schema/generate.ts');
  process.exitCode = 1;
}
