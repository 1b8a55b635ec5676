/** pods/log: what a container wrote, from the kubelet of its node. */
// Like pkg/registry/core/pod LogLocation and ValidatePodLogOptions.
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { StatusError, badRequest, internalError, invalid, type FieldError } from '@naru/api/status';
import type { Target } from '../../verbs/api.ts';
import type { Exchange } from '../exchange.ts';
import { parseInteger } from '../query-options.ts';
import { isTrue } from '../request-info.ts';
import type { HttpServer } from '../server.ts';
import { commonHeaders } from '../write-response.ts';
import { addressOf, dialFailure } from './dial-failure.ts';
import { containerOf, podOf } from './pod-container.ts';

const longestError = 50_000;

export async function servePodLog(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const query = kubeletQuery(exchange.query, target.name);
  const pod = podOf(target, server.api);
  const container = containerOf(pod, exchange.query.get('container') ?? '');
  const nodeName = pod.spec?.nodeName;
  if (!nodeName) return sendNothing(exchange);
  const { namespace, name } = target;
  const path = `/containerLogs/${namespace}/${name}/${container}${query.size ? `?${query}` : ''}`;
  const answer = await ask({ ...server.kubelets.requestOptions(nodeName, server.api), path }, exchange);
  if (answer.statusCode !== 200) throw await refusal(answer, target);
  exchange.response.writeHead(200, { ...commonHeaders(exchange), 'Content-Type': 'text/plain' });
  exchange.response.flushHeaders();
  // What is only read ends by itself; what is followed does not.
  const release = query.has('follow') ? server.drain.stream({ end: () => answer.destroy() }) : () => {};
  await pipeline(answer, exchange.response).catch(() => exchange.response.destroy());
  release();
}

function sendNothing({ response }: Exchange): void {
  response.writeHead(204);
  response.end();
}

function ask(options: RequestOptions, { response }: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, resolve);
    request.on('error', (error) => reject(unreachable(error, options)));
    response.on('close', () => request.destroy());
    request.end();
  });
}

/** Upstream hands its HTTP client's error on as it is. */
function unreachable(error: Error, options: RequestOptions): StatusError {
  const url = `https://${addressOf(options.host ?? '', options.port ?? '')}${options.path}`;
  return new StatusError({ code: 500, message: `Get "${url}": ${dialFailure(error, options)}` });
}

// Like apiserver pkg/registry/generic/rest GenericHttpResponseChecker.
async function refusal(answer: IncomingMessage, { name }: Target): Promise<StatusError> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > longestError) break;
  }
  const code = answer.statusCode ?? 500;
  if (code === 400) return badRequest(text);
  if (code === 500) return internalError(text);
  const reason = code === 404 ? 'NotFound' : 'Unknown';
  return new StatusError({ code, reason, message: text, details: { name, kind: 'pods/log' } });
}

/** The kubelet's parameters. Throws 422 for those that contradict each other. */
function kubeletQuery(query: URLSearchParams, podName: string): URLSearchParams {
  const sinceSeconds = parseInteger(query.get('sinceSeconds'));
  const tailLines = parseInteger(query.get('tailLines'));
  const limitBytes = parseInteger(query.get('limitBytes'));
  const sinceTime = query.get('sinceTime') || undefined;
  const errors: FieldError[] = [];
  const refuse = (field: string, value: number, detail: string) =>
    errors.push({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${detail}` });
  if (tailLines !== undefined && tailLines < 0) refuse('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) refuse('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    errors.push({ field: '[]', reason: 'FieldValueForbidden', message });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1)
    refuse('sinceSeconds', sinceSeconds, 'must be greater than 0');
  if (query.get('stream')) {
    errors.push({ field: 'stream', reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified' });
  }
  if (errors.length) throw invalid({ group: '', kind: 'PodLogOptions' }, podName, errors);
  const asked = new URLSearchParams();
  for (const flag of ['follow', 'previous', 'timestamps']) if (isTrue(query.get(flag))) asked.set(flag, 'true');
  if (sinceSeconds !== undefined) asked.set('sinceSeconds', String(sinceSeconds));
  if (sinceTime !== undefined) asked.set('sinceTime', sinceTime);
  if (tailLines !== undefined) asked.set('tailLines', String(tailLines));
  if (limitBytes !== undefined) asked.set('limitBytes', String(limitBytes));
  return asked;
}
