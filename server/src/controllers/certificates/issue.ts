/** Signs what was asked for, with the cluster's authority. */
// Like pkg/controller/certificates/authority.
import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AskedCertificate } from './asked-certificate.ts';

/** PEM texts. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

export interface Terms {
  readonly usages: readonly string[];
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const backdated = 5 * 60_000;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const { digitalSignature, keyEncipherment, nonRepudiation, dataEncipherment, keyAgreement } = x509.KeyUsageFlags;
const keyUsages = new Map<string, number>([
  ['signing', digitalSignature],
  ['digital signature', digitalSignature],
  ['content commitment', nonRepudiation],
  ['key encipherment', keyEncipherment],
  ['data encipherment', dataEncipherment],
  ['key agreement', keyAgreement],
]);
const extendedUsages = new Map<string, string>([
  ['server auth', x509.ExtendedKeyUsage.serverAuth],
  ['client auth', x509.ExtendedKeyUsage.clientAuth],
]);

/** PEM of a certificate that ends no later than the authority's own. */
export async function issue(
  { request, dnsNames, addresses }: AskedCertificate,
  authority: Authority,
  { usages, seconds, now }: Terms,
): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const key = createPrivateKey(authority.key);
  const algorithm = key.asymmetricKeyType === 'rsa' ? rsa : ecdsa;
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const flags = usages.reduce((all, usage) => all | (keyUsages.get(usage) ?? 0), 0);
  const extended = usages.flatMap((usage) => extendedUsages.get(usage) ?? []);
  const names = [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: request.subjectName.toJSON(),
    issuer: issuer.subject,
    notBefore: new Date(now - backdated),
    notAfter: new Date(Math.min(now + seconds * 1000, issuer.notAfter.getTime())),
    publicKey: request.publicKey,
    signingAlgorithm: algorithm,
    signingKey: await webcrypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']),
    extensions: [
      ...(flags ? [new x509.KeyUsagesExtension(flags, true)] : []),
      ...(extended.length ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Positive, whatever its first bit would say. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0]! &= 0x7f;
  return bytes.toString('hex');
}
