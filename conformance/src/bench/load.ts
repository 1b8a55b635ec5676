/** Requests as fast as they are answered, by wrk: it leaves the cores to what is measured. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../harness/run-program.ts';

export interface Load {
  url: string;
  token?: string;
  clients: number;
  seconds: number;
  /** Lua for wrk, e.g. to POST objects with names of their own. Headers given to wrk.format would replace the token. */
  script?: string;
  directory: string;
}

export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers other than 2xx and 3xx. */
  errors: number;
}

export async function generateLoad({ url, token, clients, seconds, script, directory }: Load): Promise<LoadResult> {
  const path = join(directory, `load-${clients}.lua`);
  writeFileSync(path, `${script ?? ''}\n${report}`);
  const output = await program(
    'wrk',
    [
      ...[
        '--threads',
        '1',
        '--connections',
        String(clients),
        '--duration',
        `${seconds}s`,
        '--timeout',
        '30s',
        '--latency',
      ],
      ...(token ? ['--header', `Authorization: Bearer ${token}`] : []),
      ...['--script', path, url],
    ],
    { seconds: seconds + 60 },
  );
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (!line) throw new Error(`wrk said:\n${output}`);
  const [requests = 0, microseconds = 1, p50 = 0, p99 = 0, errors = 0] = line.split(' ').map(Number);
  return { requests, requestsPerSecond: requests / (microseconds / 1e6), p50: p50 / 1000, p99: p99 / 1000, errors };
}

const report = `
done = function(summary, latency)
  print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status))
end
`;
