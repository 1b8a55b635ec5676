/** /containerLogs: what a container wrote, as it stands and as it comes. */
// Like pkg/kubelet/server getContainerLogs and kuberuntime logs.
import type { ServerResponse } from 'node:http';
import type { LogLine, LogOptions } from '../runtime/container-runtime.ts';
import { KubeletHttpError, type PodDirectory } from './pod-directory.ts';

export interface LogRequest {
  namespace: string;
  pod: string;
  container: string;
  query: URLSearchParams;
}

export interface LogSource {
  directory: PodDirectory;
  logs: (containerId: string, options: LogOptions) => AsyncIterable<LogLine>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Answers with text as it comes; ends when the container or the client does. Throws KubeletHttpError before the first byte. */
export async function serveLogs(
  { namespace, pod, container, query }: LogRequest,
  source: LogSource,
  response: ServerResponse,
): Promise<void> {
  const asked = optionsOf(query, source.now());
  const { id } = await source.directory.loggedContainer(namespace, pod, container, asked.previous);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  let left = asked.limitBytes;
  for await (const line of source.logs(id, { ...asked.options, signal: gone.signal })) {
    if (asked.stream && asked.stream !== line.stream) continue;
    const text = asked.options.timestamps ? Buffer.concat([Buffer.from(`${line.time} `), line.line]) : line.line;
    const piece = text.subarray(0, left);
    left -= piece.length;
    if (!response.write(piece)) await drained(response);
    if (left <= 0 || gone.signal.aborted) break;
  }
  response.end();
}

interface AskedLogs {
  previous: boolean;
  limitBytes: number;
  stream: 'stdout' | 'stderr' | undefined;
  options: LogOptions;
}

function optionsOf(query: URLSearchParams, now: number): AskedLogs {
  const flag = (name: string) => query.get(name) === 'true';
  const sinceSeconds = numberOf(query, 'sinceSeconds');
  const since =
    sinceSeconds === undefined
      ? (query.get('sinceTime') ?? undefined)
      : new Date(now - sinceSeconds * 1000).toISOString();
  const tailLines = numberOf(query, 'tailLines');
  const stream = query.get('stream')?.toLowerCase();
  return {
    previous: flag('previous'),
    limitBytes: numberOf(query, 'limitBytes') ?? Infinity,
    stream: stream === 'stdout' || stream === 'stderr' ? stream : undefined,
    options: {
      follow: flag('follow'),
      timestamps: flag('timestamps'),
      ...(since !== undefined && { since }),
      ...(tailLines !== undefined && { tailLines }),
    },
  };
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new KubeletHttpError(400, `${name} is not a number`);
  return Number(text);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}
