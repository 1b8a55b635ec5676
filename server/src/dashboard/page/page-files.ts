/** The files of the built page: which there are, so that a path can only ever mean one of them. */
import { access, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export interface PageFile {
  /** On disk. */
  readonly file: string;
  readonly type: string;
  /** Its name holds a hash of what is in it. */
  readonly immutable: boolean;
  /** Ready-made compressed forms beside it. */
  readonly compressed: ReadonlyMap<Coding, string>;
}

export type Coding = 'br' | 'gzip';

/** In the order of our liking. */
export const codings: readonly (readonly [Coding, string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

const types = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.map', 'application/json'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json'],
  ['.woff', 'font/woff'],
  ['.woff2', 'font/woff2'],
]);

/** Angular's names: `main-5QXK3Q2M.js`, `media/noto-KJHD72AS.woff2`. */
const hashedName = /-[A-Z0-9]{8}\.\w+$/;
const nonceMark = /NARU_CSP_NONCE/g;

interface Build {
  /** Of index.html: a new one means a new build. */
  readonly stamp: string;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly index: string;
}

export class PageFiles {
  readonly #directory: string;
  #build: Build | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The page itself, with `nonce` where it asks for one; undefined while there is no build. */
  async index(nonce: string): Promise<string | undefined> {
    return (await this.#current())?.index.replace(nonceMark, nonce);
  }

  /** The file that a URL's path names, such as `/main-5QXK3Q2M.js`. */
  async find(urlPath: string): Promise<PageFile | undefined> {
    const known = this.#build?.files.get(urlPath);
    return known ?? (await this.#current())?.files.get(urlPath);
  }

  /** Whether the last attempt to build it failed. */
  async isFailed(): Promise<boolean> {
    return access(`${this.#directory}.failed`).then(
      () => true,
      () => false,
    );
  }

  /** The build that is on disk now. */
  async #current(): Promise<Build | undefined> {
    const indexFile = path.join(this.#directory, 'index.html');
    try {
      const { mtimeMs, size } = await stat(indexFile);
      const stamp = `${mtimeMs}-${size}`;
      if (this.#build?.stamp !== stamp) {
        const [index, files] = await Promise.all([readFile(indexFile, 'utf8'), filesOf(this.#directory)]);
        this.#build = { stamp, index, files };
      }
      return this.#build;
    } catch {
      // Not built yet, or just being built anew.
      return undefined;
    }
  }
}

async function filesOf(directory: string): Promise<Map<string, PageFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = new Set<string>();
  for (const entry of entries) {
    // A link could lead anywhere: what a build makes are files.
    if (entry.isFile()) names.add(path.relative(directory, path.join(entry.parentPath, entry.name)));
  }
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const type = types.get(path.extname(name));
    if (!type || name === 'index.html' || name.startsWith('.')) continue;
    const compressed = codings.flatMap(([coding, ending]) =>
      names.has(name + ending) ? [[coding, path.join(directory, name + ending)] as const] : [],
    );
    files.set(`/${name.split(path.sep).join('/')}`, {
      file: path.join(directory, name),
      type,
      immutable: hashedName.test(name),
      compressed: new Map(compressed),
    });
  }
  return files;
}
