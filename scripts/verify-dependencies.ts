/** Fails when a package that some package.json asks for has no line in docs/reference/dependencies.md, or a line names one that none asks for. */
import { globSync, readFileSync } from 'node:fs';

const table = 'docs/reference/dependencies.md';

interface PackageJson {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const asked = new Set(
  globSync(['package.json', '*/package.json']).flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(path, 'utf8'),
    ) as PackageJson;
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  }),
);
/** Our own, and types, whose reason is the package they are of. */
const needsNoReason = (name: string): boolean => name.startsWith('@naru/') || name.startsWith('@types/');

const named = readFileSync(table, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| package |'))
  .flatMap((line) =>
    line
      .split('|')[1]!
      .split(',')
      .map((name) => name.trim()),
  );

/** `@angular/*` is about all packages of that scope. */
const isAbout = (name: string, asked: string): boolean =>
  name.endsWith('/*') ? asked.startsWith(name.slice(0, -1)) : name === asked;

const problems = [
  ...[...asked]
    .filter((name) => !needsNoReason(name) && !named.some((line) => isAbout(line, name)))
    .map((name) => `${name} has no reason in ${table}`),
  ...named
    .filter((line) => ![...asked].some((name) => isAbout(line, name)))
    .map((line) => `${table} names ${line}, which no package.json asks for`),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length ? 1 : 0;
