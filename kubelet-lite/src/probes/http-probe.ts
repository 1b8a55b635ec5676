/** Probes by an HTTP request: any answer from 200 to 399 is good. */
// Like pkg/probe/http.
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { dialError, hostPort, longestOutput, type ProbeResult } from './probe-result.ts';

export interface HttpTarget {
  scheme: 'HTTP' | 'HTTPS';
  host: string;
  port: number;
  /** With query. */
  path: string;
  headers: readonly { name: string; value: string }[];
  timeoutSeconds: number;
  signal?: AbortSignal;
}

const mostRedirects = 10;
const userAgent = 'kube-probe/1.36';

interface Answer {
  code: number;
  body: string;
  location: string | undefined;
}

export async function probeHttp(target: HttpTarget): Promise<ProbeResult> {
  const origin = `${target.scheme.toLowerCase()}://${hostPort(target.host, target.port)}`;
  let url = urlWithPath(new URL(origin), target.path);
  // A URL leaves out a usual port; the kubelet names it.
  const asked = origin + url.pathname + url.search;
  for (let redirects = 0; ; redirects++) {
    let answer: Answer;
    try {
      answer = await get(url, target);
    } catch (error) {
      return { result: 'failure', output: `Get "${asked}": ${failureText(error as Error, url)}` };
    }
    const next = answer.code >= 301 && answer.location ? nextUrl(answer.location, url) : undefined;
    if (!next) return judge(answer);
    // Only the container itself is asked: where it points to is not its health.
    if (next.hostname !== url.hostname)
      return { result: 'warning', output: `Probe terminated redirects, Response body: ${answer.body}` };
    if (redirects === mostRedirects) return { result: 'failure', output: 'stopped after 10 redirects' };
    url = next;
  }
}

function urlWithPath(base: URL, path: string): URL {
  const mark = path.indexOf('?');
  const url = new URL(base);
  url.pathname = mark === -1 ? path : path.slice(0, mark);
  url.search = mark === -1 ? '' : path.slice(mark);
  return url;
}

function nextUrl(location: string, from: URL): URL | undefined {
  try {
    return new URL(location, from);
  } catch {
    return undefined;
  }
}

function judge({ code, body }: Answer): ProbeResult {
  if (code >= 200 && code < 400) return { result: 'success', output: body };
  return { result: 'failure', output: `HTTP probe failed with statuscode: ${code}` };
}

function failureText(error: NodeJS.ErrnoException, url: URL): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  if (error.code === 'ECONNRESET') return 'EOF';
  return dialError(error, hostPort(url.hostname, Number(url.port) || (url.protocol === 'https:' ? 443 : 80)));
}

/** Headers as asked; those that upstream would send anyway stand before unless the probe names them. */
export function probeHeaders(headers: readonly { name: string; value: string }[]): OutgoingHttpHeaders {
  const all = new Map<string, string | string[]>([
    ['user-agent', userAgent],
    ['accept', '*/*'],
  ]);
  const own = new Map<string, string[]>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    own.set(key, [...(own.get(key) ?? []), value]);
  }
  for (const [key, values] of own) all.set(key, values.length === 1 ? (values[0] ?? '') : values);
  // An empty value says that the header is not to be sent.
  for (const name of ['user-agent', 'accept']) if (all.get(name) === '') all.delete(name);
  return Object.fromEntries(all);
}

function get(url: URL, { headers, timeoutSeconds, signal }: HttpTarget): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const options = {
    method: 'GET',
    agent: false,
    headers: probeHeaders(headers),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    rejectUnauthorized: false,
  } as const;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(timeout.aborted ? (timeout.reason as Error) : error);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      readAnswer(response).then(resolve, fail);
    });
    request.on('error', fail);
    request.end();
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of response as AsyncIterable<Buffer>) {
    body += chunk.toString('utf8');
    if (body.length > longestOutput) break;
  }
  response.destroy();
  return { code: response.statusCode ?? 0, body: body.slice(0, longestOutput), location: response.headers.location };
}
