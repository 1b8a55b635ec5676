/** Amounts as Kubernetes writes them ("250m", "512Mi"), read as numbers and written for people. */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The amount in cores or bytes; NaN for what is no quantity. */
export function parseQuantity(text: string | undefined): number {
  if (text === undefined || text.length > 40) return NaN;
  const match = /^([+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(text.trim());
  const [, digits = '', suffix = ''] = match ?? [];
  const factor = Object.hasOwn(factors, suffix) ? factors[suffix] : undefined;
  if (digits === '' || factor === undefined) return NaN;
  return Number(digits) * factor;
}

/** The sum of amounts; what is no quantity counts as nothing. */
export function sumQuantities(amounts: Iterable<string | undefined>): number {
  let sum = 0;
  for (const amount of amounts) sum += parseQuantity(amount) || 0;
  return sum;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes with three digits at most: "512 MiB", "1.5 GiB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–';
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${bytes < 0 ? '-' : ''}${Number(value.toFixed(digits))} ${byteUnits[unit]}`;
}

/** Cores: "2", "0.25", "0.004"; Kubernetes' thousandths ("4m") say nothing to most people. */
export function formatCores(cores: number): string {
  if (!Number.isFinite(cores)) return '–';
  if (cores > 0 && cores < 0.001) return '<0.001';
  if (cores > 0 && cores < 0.1) return String(Number(cores.toFixed(3)));
  return String(Number(cores.toFixed(cores >= 10 ? 1 : 2)));
}

/** A quantity of memory as people read it, "24 MiB" for "24Mi"; whatever is none stays as it is. */
export function readableMemory(quantity: string): string {
  return /^\d+(\.\d+)?[KMGTP]i$/.test(quantity) ? formatBytes(parseQuantity(quantity)) : quantity;
}

/** A quantity of memory at least as large, in whole Mi: what a suggestion writes into a manifest. */
export function memoryQuantity(bytes: number): string {
  const mebibytes = Math.ceil(bytes / 2 ** 20);
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}
