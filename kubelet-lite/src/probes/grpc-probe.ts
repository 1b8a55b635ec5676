/** Probes by gRPC's health protocol, spoken over plain HTTP/2. */
// Like pkg/probe/grpc. The messages are small enough to write by hand: grpc.health.v1.HealthCheckRequest{service = 1}
// and HealthCheckResponse{status = 1}.
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { hostPort, type ProbeResult } from './probe-result.ts';

const statusNames = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const serving = 1;
const codeNames = new Map([
  ['1', 'Canceled'],
  ['2', 'Unknown'],
  ['5', 'NotFound'],
  ['7', 'PermissionDenied'],
  ['14', 'Unavailable'],
]);
const longestAnswer = 4096;

export async function probeGrpc(
  host: string,
  port: number,
  service: string,
  timeoutSeconds: number,
): Promise<ProbeResult> {
  // Few pods use gRPC, and HTTP/2 is a large part of Node.
  const { connect } = await import('node:http2');
  const address = hostPort(host, port);
  const session = connect(`http://${address}`);
  try {
    return await check(session, service, timeoutSeconds, address);
  } finally {
    session.destroy();
  }
}

function check(session: ClientHttp2Session, service: string, timeoutSeconds: number, address: string) {
  return new Promise<ProbeResult>((resolve) => {
    const fail = (output: string) => resolve({ result: 'failure', output });
    const notConnected = `timeout: failed to connect service "${address}" within ${timeoutSeconds}s: context deadline exceeded`;
    let connected = false;
    session.once('error', () => fail(notConnected));
    session.once('connect', () => {
      connected = true;
      resolve(call(session, service));
    });
    const timer = setTimeout(
      () => fail(connected ? `timeout: health rpc did not complete within ${timeoutSeconds}s` : notConnected),
      timeoutSeconds * 1000,
    );
    session.once('close', () => clearTimeout(timer));
  });
}

function call(session: ClientHttp2Session, service: string): Promise<ProbeResult> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'kube-probe/1.36',
  });
  stream.end(framed(requestOf(service)));
  return readAnswer(stream);
}

function readAnswer(stream: ClientHttp2Stream): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('response', (head) => (headers = head));
    // An error may come with the head alone, without trailers.
    stream.on('trailers', (trailers) => (headers = { ...headers, ...trailers }));
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= longestAnswer) chunks.push(chunk);
    });
    stream.on('error', (error) => resolve(rpcFailed('14', error.message)));
    stream.on('end', () => resolve(judge(headers, Buffer.concat(chunks))));
  });
}

function judge(headers: IncomingHttpHeaders, body: Buffer): ProbeResult {
  const code = String(headers['grpc-status'] ?? '2');
  const message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  if (code === '12')
    return {
      result: 'failure',
      output: `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${message}`,
    };
  if (code !== '0') return rpcFailed(code, message);
  const status = statusOf(body.subarray(5));
  if (status === serving) return { result: 'success', output: 'service healthy' };
  return { result: 'failure', output: `service unhealthy (responded with "${statusNames[status] ?? status}")` };
}

const rpcFailed = (code: string, message: string): ProbeResult => ({
  result: 'failure',
  output: `error: health rpc failed: rpc error: code = ${codeNames.get(code) ?? `Code(${code})`} desc = ${message}`,
});

function requestOf(service: string): Buffer {
  const name = Buffer.from(service, 'utf8');
  if (name.length === 0) return Buffer.alloc(0);
  // Field 1, length-delimited; names are short, so the length takes one or two bytes.
  const length = name.length < 128 ? [name.length] : [(name.length & 127) | 128, name.length >> 7];
  return Buffer.concat([Buffer.from([0x0a, ...length]), name]);
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5); // not compressed
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Field 1 as a varint; absent: 0. */
const statusOf = (message: Buffer) => (message[0] === 0x08 ? (message[1] ?? 0) : 0);
