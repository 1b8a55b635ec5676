/** Makes one JavaScript file of each program, because stripping types at every start costs 250 ms and 33 MB a process. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Program → its entry file in the repository. */
const entries = { server: 'server/src/main.ts', 'kubelet-lite': 'kubelet-lite/src/main.ts' };
export type Program = keyof typeof entries;

/** Returns the directory that holds `<program>.mjs` for the sources as they are now; older ones are removed. */
export async function bundlePrograms(repository: string, dataDirectory: string): Promise<string> {
  const root = join(dataDirectory, 'programs');
  const directory = join(root, sourcesDigest(repository));
  if (existsSync(directory)) return directory;
  const draft = `${directory}.${process.pid}`;
  await build(repository, draft);
  for (const old of readdirSync(root)) if (join(root, old) !== draft) rmSync(join(root, old), { recursive: true });
  renameSync(draft, directory);
  return directory;
}

async function build(repository: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([program, entry]) => [program, join(repository, entry)]),
    ),
    outdir: directory,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'error',
    absWorkingDir: repository,
    // Its form for Node is CommonJS, of which a lazy import keeps no names once bundled; this one is an ES module.
    alias: { yaml: join(repository, 'node_modules/yaml/browser/index.js') },
    // Optional native speed-ups of libraries; they work without.
    external: ['cpu-features', 'bufferutil', 'utf-8-validate', '*.node'],
    // CommonJS packages inside an ES module still call require and __dirname.
    banner: {
      js: "import { createRequire as naruCreateRequire } from 'node:module'; import { dirname as naruDirname } from 'node:path'; const require = naruCreateRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = naruDirname(__filename);",
    },
  });
  cpSync(join(repository, 'api/schema/generated/descriptions.txt'), join(directory, 'schema/descriptions.txt'));
}

// Names, sizes and times of all sources and of the lockfile: cheap to read, and different whenever a build would be.
function sourcesDigest(repository: string): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (!entry.name.endsWith('.test.ts')) add(child);
    }
  };
  const add = (path: string) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const folder of ['api/src', 'api/schema', 'server/src', 'kubelet-lite/src']) visit(join(repository, folder));
  add(join(repository, 'package-lock.json'));
  hash.update(process.version);
  return hash.digest('hex').slice(0, 16);
}
