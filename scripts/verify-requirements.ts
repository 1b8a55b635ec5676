/** Fails when a row of docs/reference/requirements.md names no test, or one that does not exist. */
import { existsSync, readFileSync } from 'node:fs';

/** Requirements that have no test because they are not built. Each must stand in the table as such. */
const notThereYet: readonly string[] = ['Game servers'];
const table = 'docs/reference/requirements.md';
const reference = /`([^`]+)` › "([^"]+)"/g;

/** What is wrong with a row; nothing when all is well. */
function problemsOf(requirement: string, proof: string): string[] {
  const tests = [...proof.matchAll(reference)];
  const isMarked = proof.includes('*not there yet*');
  if (notThereYet.includes(requirement))
    return isMarked && tests.length === 0 ? [] : ['is listed as not there yet, and the table says otherwise'];
  if (isMarked) return ['is marked as not there yet, which nobody allowed'];
  if (tests.length === 0) return ['names no test'];
  return tests.flatMap(([, path = '', name = '']) => {
    if (!existsSync(path)) return [`names ${path}, which does not exist`];
    return isTest(readFileSync(path, 'utf8'), name) ? [] : [`names a test that ${path} does not have: ${name}`];
  });
}

/** Whether the source has a test of this title. */
function isTest(source: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => {
    const title = `${quote}${name.replaceAll(quote, `\\${quote}`)}${quote},`;
    const at = source.indexOf(title);
    if (at < 0) return false;
    return /\b(test|it)(\.each[^]*)?\(\s*$/.test(source.slice(Math.max(0, at - 400), at));
  });
}

const rows = readFileSync(table, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Requirement |'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const known = new Set(rows.map(([, requirement = '']) => requirement));
const problems = [
  ...rows.flatMap(([, requirement = '', proof = '']) =>
    problemsOf(requirement, proof).map((problem) => `${requirement}: ${problem}`),
  ),
  ...notThereYet.filter((name) => !known.has(name)).map((name) => `${name}: is missing from ${table}`),
];
if (rows.length === 0) problems.push(`${table} has no rows`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length ? 1 : 0;
