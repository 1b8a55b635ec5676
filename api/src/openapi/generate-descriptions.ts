/** Writes schema/generated/descriptions.txt from the comments of client-node's models and our own types; `--verify` only compares. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { OwnFacts } from '../schema/facts.ts';
import { typeKeys, typeNamed } from '../schema/schema-table.ts';
import type { TypeSchema } from '../schema/schema.ts';
import { descriptionsFile } from './descriptions.ts';
import { schemaName } from './names.ts';

const models = new URL('../../../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);

interface Model {
  description: string;
  fields: Map<string, string>;
}

const unescaped = (text: string) =>
  text
    .replace(/\\(['"])/g, '$1')
    .replace(/\*\\?\//g, '*/')
    .trim();

const comment = String.raw`/\*\*\n((?:\s*\*[^\n]*\n)*?)\s*\*/\n`;
const textOf = (lines = '') =>
  unescaped(
    lines
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n'),
  );

function readModel(text: string): Model {
  const type = new RegExp(`${comment}export declare class`).exec(text);
  const body = text.slice(text.indexOf('export declare class'));
  const fields = new Map<string, string>();
  for (const match of body.matchAll(new RegExp(String.raw`\s*${comment}\s*'([^']+)'\??:`, 'g'))) {
    fields.set(match[2]!, textOf(match[1]));
  }
  return { description: textOf(type?.[1]), fields };
}

/** Properties of the model are JSON names, except where those are no JavaScript names. */
const modelName = (field: string) =>
  field
    .replace(/^\$/, '$')
    .replace(/-([a-z])/g, '_$1')
    .replace(/-/g, '_');

function candidates({ key, name }: TypeSchema): string[] {
  const parts = key.split('.');
  const version = parts.at(-2)!;
  const group = parts.at(-3)!;
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return [`${capital(group)}${capital(version)}${name}`, `${capital(version)}${name}`];
}

const ownTypes = JSON.parse(readFileSync(new URL('../../schema/naru-types.json', import.meta.url), 'utf8')) as OwnFacts;

/** Our own kinds say themselves what they are. */
function ownLineOf({ key, fieldList }: TypeSchema): string | undefined {
  const fact = ownTypes.types[key];
  if (!fact) return undefined;
  const entries: [string, string | undefined][] = [['', fact.description]];
  for (const { name } of fieldList) entries.push([name, fact.fields?.[name]?.description]);
  return `${schemaName(key)}\t${JSON.stringify(Object.fromEntries(entries))}`;
}

function lineOf(type: TypeSchema, modelFiles: Set<string>): string | undefined {
  const file = candidates(type).find((candidate) => modelFiles.has(`${candidate}.d.ts`));
  if (!file) return undefined;
  const model = readModel(readFileSync(new URL(`${file}.d.ts`, models), 'utf8'));
  const entries: [string, string][] = model.description ? [['', model.description]] : [];
  for (const { name } of type.fieldList) {
    const description = model.fields.get(name) ?? model.fields.get(modelName(name));
    if (description) entries.push([name, description]);
  }
  return entries.length ? `${schemaName(type.key)}\t${JSON.stringify(Object.fromEntries(entries))}` : undefined;
}

const modelFiles = new Set(readdirSync(models).filter((name) => name.endsWith('.d.ts')));
const lines = typeKeys().flatMap((key) => ownLineOf(typeNamed(key)!) ?? lineOf(typeNamed(key)!, modelFiles) ?? []);
const source = `${lines.sort().join('\n')}\n`;

if (!process.argv.includes('--verify')) {
  writeFileSync(descriptionsFile, source);
} else if (readFileSync(descriptionsFile, 'utf8') !== source) {
  console.error(
    'api/schema/generated/descriptions.txt is out of date: run node api/src/openapi/generate-descriptions.ts',
  );
  process.exitCode = 1;
}
