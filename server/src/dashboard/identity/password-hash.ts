/** Passwords as scrypt hashes, in the PHC string form: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** One of OWASP's equal choices; this one takes 32 MiB for a moment, where the first on their list takes 128. */
const usual = { logCost: 15, blockSize: 8, parallelism: 3 };
const saltLength = 16;
const hashLength = 32;

interface Parameters {
  readonly logCost: number;
  readonly blockSize: number;
  readonly parallelism: number;
}

/** Two spellings of one text are one password, whatever keyboard they were typed on. */
const bytesOf = (password: string) => Buffer.from(password.normalize('NFC'));

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength);
  const hash = await derive(password, salt, usual, hashLength);
  const { logCost, blockSize, parallelism } = usual;
  return `$scrypt$ln=${logCost},r=${blockSize},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Whether it is the password; also false for a text that is no hash of ours. Takes as long as making a hash, if `hash` is absent too. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const known = hash === undefined ? undefined : parse(hash);
  const { parameters, salt, expected } = known ?? {
    parameters: usual,
    salt: Buffer.alloc(saltLength),
    expected: Buffer.alloc(hashLength),
  };
  const found = await derive(password, salt, parameters, expected.length);
  return known !== undefined && timingSafeEqual(found, expected);
}

function parse(text: string): { parameters: Parameters; salt: Buffer; expected: Buffer } | undefined {
  const match = /^\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})\$([\w+/]{16,88})\$([\w+/]{22,88})$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, logCost, blockSize, parallelism, salt, expected] = match as unknown as [string, ...string[]];
  return {
    parameters: { logCost: Number(logCost), blockSize: Number(blockSize), parallelism: Number(parallelism) },
    salt: Buffer.from(salt ?? '', 'base64'),
    expected: Buffer.from(expected ?? '', 'base64'),
  };
}

function derive(password: string, salt: Buffer, parameters: Parameters, length: number): Promise<Buffer> {
  const { logCost, blockSize, parallelism } = parameters;
  const cost = 2 ** logCost;
  const options = { N: cost, r: blockSize, p: parallelism, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(bytesOf(password), salt, length, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
