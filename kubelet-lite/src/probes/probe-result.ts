/** What one probe found. */
export interface ProbeResult {
  result: 'success' | 'failure' | 'warning' | 'unknown';
  /** What the probed thing answered, or why nothing was found out. */
  output: string;
}

/** Output that is kept for an event. */
export const longestOutput = 10 * 1024;

/** A connection's failure in the words that Go's net package has for it. */
export function dialError(error: NodeJS.ErrnoException, address: string): string {
  const words = new Map([
    ['ECONNREFUSED', 'connect: connection refused'],
    ['EHOSTUNREACH', 'connect: no route to host'],
    ['ENETUNREACH', 'connect: network is unreachable'],
    ['ETIMEDOUT', 'i/o timeout'],
    ['ENOTFOUND', 'no such host'],
  ]);
  return `dial tcp ${address}: ${words.get(error.code ?? '') ?? error.message}`;
}

/** `[::1]:80` or `10.0.0.1:80`. */
export const hostPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
