/** The code that proves, before there is any account, that whoever sets up the first one can read the server's files. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Crockford's letters: none that is taken for another. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 12;

export class FirstRunCode {
  /** Where people find it; `cli` shows it. */
  readonly #file: string;
  #code: string | undefined;

  constructor(dataDir: string) {
    this.#file = path.join(dataDir, 'run', 'first-run-code');
  }

  /** Makes sure that there is a code, the one of an earlier start if it was not used. */
  async ensure(): Promise<void> {
    if (this.#code) return;
    const kept = normal(await readFile(this.#file, 'utf8').catch(() => ''));
    this.#code = kept.length === length ? kept : makeCode();
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    await writeFile(this.#file, `${grouped(this.#code)}\n`, { mode: 0o600 });
    // A file that stood there keeps its mode when it is written.
    await chmod(this.#file, 0o600);
  }

  /** However it was typed: small letters, without hyphens, O for 0. */
  matches(typed: string): boolean {
    if (!this.#code || typed.length > 100) return false;
    const given = Buffer.from(
      normal(typed)
        .padEnd(length)
        .slice(0, 2 * length),
    );
    const expected = Buffer.from(this.#code);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** It has done its work. */
  async spend(): Promise<void> {
    this.#code = undefined;
    await rm(this.#file, { force: true });
  }
}

const makeCode = () => [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');

const grouped = (code: string) => code.match(/.{4}/g)!.join('-');

const normal = (text: string) => text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
