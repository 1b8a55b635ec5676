/** Approves what nodes ask for themselves, signs what is approved, and clears away what is done. */
// Like pkg/controller/certificates: approver, signer and cleaner.
import { isNotFound } from '@naru/api/status';
import type { KubeObject } from '@naru/api/object';
import type { ResourceRef } from '@naru/api/client/client';
import { pemBlocks, textOf, type CertificateRequest, type Condition } from '../../kinds/certificates/request-fields.ts';
import {
  controllerUser,
  defineController,
  type Controller,
  type ControllerContext,
} from '../runtime/define-controller.ts';
import type { AskedCertificate } from './asked-certificate.ts';
import type { Authority } from './issue.ts';
import { forKubeletClients, kubeletClientSigner, signers } from './signers.ts';

export interface CertificatesConfig {
  /** Read when the first certificate is signed. */
  authority(): Promise<Authority>;
  /** Whether the user of a request may create certificatesigningrequests/<subresource>. */
  mayCreate(user: Requester, subresource: string): boolean;
}

export interface Requester {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

type Request = KubeObject & Pick<CertificateRequest, 'spec' | 'status'>;

export const certificateSigningRequests: ResourceRef = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  scope: 'Cluster',
};

const year = 365 * 24 * 3600;
const hour = 3600_000;
/** How long requests are kept: those that wait for somebody longer than those that are decided. */
const kept = { pending: 24 * hour, decided: hour };

const has = ({ status }: Request, type: string): boolean =>
  (status?.conditions ?? []).some((condition) => condition.type === type);

export const certificates = (config: CertificatesConfig): Controller =>
  defineController({
    name: 'certificate-controller',
    user: controllerUser('certificate-controller'),
    for: certificateSigningRequests,
    workers: 2,
    async reconcile(key, context) {
      const request = context.informers.for<Request>(certificateSigningRequests).get(key);
      if (!request) return undefined;
      const left = timeLeft(request, context.clock.now());
      if (left <= 0) return remove(key, context);
      if (has(request, 'Denied') || has(request, 'Failed') || request.status?.certificate) return { after: left };
      if (has(request, 'Approved')) await sign(request, config, context);
      else await approve(request, config, context);
      return { after: left };
    },
  });

function timeLeft(request: Request, now: number): number {
  const isDecided = has(request, 'Denied') || has(request, 'Failed') || !!request.status?.certificate;
  const since = isDecided ? lastDecision(request) : request.metadata.creationTimestamp;
  return Date.parse(since ?? '') + (isDecided ? kept.decided : kept.pending) - now;
}

const lastDecision = ({ metadata, status }: Request): string | undefined =>
  (status?.conditions ?? []).map((condition) => condition.lastUpdateTime as string | undefined).at(-1) ??
  metadata.creationTimestamp;

async function remove(key: string, { client }: ControllerContext): Promise<undefined> {
  try {
    await client.for(certificateSigningRequests).delete(key);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return undefined;
}

async function read(request: Request): Promise<AskedCertificate | undefined> {
  const { readAsked } = await import('./asked-certificate.ts');
  const [first] = pemBlocks(textOf(request.spec?.request));
  return first && readAsked(first.block).catch(() => undefined);
}

async function approve(request: Request, config: CertificatesConfig, context: ControllerContext): Promise<void> {
  const { spec = {} } = request;
  if (spec.signerName !== kubeletClientSigner) return;
  const asked = await read(request);
  if (!asked || forKubeletClients(asked, spec.usages ?? [])) return;
  const user = requesterOf(request);
  const isOwn = asked.commonName === user.name && config.mayCreate(user, 'selfnodeclient');
  if (!isOwn && !config.mayCreate(user, 'nodeclient')) return;
  const message = `Auto approving ${isOwn ? 'self ' : ''}kubelet client certificate after SubjectAccessReview.`;
  await update(request, { type: 'Approved', status: 'True', reason: 'AutoApproved', message }, 'approval', context);
}

function requesterOf({ spec = {} }: Request): Requester {
  const { username: name = '', uid = '', groups = [], extra = {} } = spec;
  return { name, uid, groups: groups as string[], extra: new Map(Object.entries(extra as Record<string, string[]>)) };
}

async function sign(request: Request, config: CertificatesConfig, context: ControllerContext): Promise<void> {
  const { spec = {} } = request;
  const signer = signers.get(spec.signerName ?? '');
  if (!signer) return;
  const asked = await read(request);
  const usages = spec.usages ?? [];
  const problem = asked ? signer(asked, usages) : 'the request cannot be read';
  if (!asked || problem) {
    const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: problem ?? '' };
    return update(request, failed, 'status', context);
  }
  const { issue } = await import('./issue.ts');
  const seconds = Math.min(spec.expirationSeconds ?? year, year);
  const pem = await issue(asked, await config.authority(), { usages, seconds, now: context.clock.now() });
  const certificate = Buffer.from(pem).toString('base64');
  await context.client
    .for<Request>(certificateSigningRequests)
    .update({ ...request, status: { ...request.status, certificate } }, { subresource: 'status' });
}

async function update(
  request: Request,
  condition: Condition,
  subresource: 'approval' | 'status',
  { client }: ControllerContext,
): Promise<void> {
  const conditions = [...(request.status?.conditions ?? []), condition];
  await client
    .for<Request>(certificateSigningRequests)
    .update({ ...request, status: { ...request.status, conditions } }, { subresource });
}
