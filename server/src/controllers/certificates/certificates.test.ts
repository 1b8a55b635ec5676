/** A certificate asked for, signed, and looked at. */
import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import { readAsked } from './asked-certificate.ts';
import { issue } from './issue.ts';
import { forKubeletClients, signers } from './signers.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 3600_000;
const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function request(name: string): Promise<string> {
  const keys = await makeKeys();
  const made = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
  return made.toString('pem');
}

async function authority() {
  const keys = await makeKeys();
  const notBefore = new Date(Date.now() - day);
  const notAfter = new Date(Date.now() + 2 * day);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: 'CN=test-ca', keys, signingAlgorithm: algorithm, notBefore, notAfter },
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { certificate: certificate.toString('pem'), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

test('what is signed says who asked, for as long as was asked, and comes from the authority', async () => {
  const asked = await readAsked(await request('O=dev, O=ops, CN=jane'));
  const signer = await authority();
  const now = Date.now();
  const usages = ['digital signature', 'client auth'];
  const certificate = new X509Certificate(await issue(asked, signer, { usages, seconds: 3600, now }));
  expect(certificate.subject.split('\n').sort()).toEqual(['CN=jane', 'O=dev', 'O=ops']);
  expect(certificate.verify(new X509Certificate(signer.certificate).publicKey)).toBe(true);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(Math.abs(Date.parse(certificate.validTo) - now - 3600_000)).toBeLessThan(2000);
});

test('nothing outlives the authority', async () => {
  const signer = await authority();
  const terms = { usages: ['client auth'], seconds: 365 * 24 * 3600, now: Date.now() };
  const certificate = new X509Certificate(await issue(await readAsked(await request('CN=jane')), signer, terms));
  expect(certificate.validTo).toBe(new X509Certificate(signer.certificate).validTo);
});

test('each signer says what it does not sign', async () => {
  const usages = ['digital signature', 'client auth'];
  const node = await readAsked(await request('O=system:nodes, CN=system:node:a'));
  expect(forKubeletClients(node, usages)).toBeUndefined();
  expect(forKubeletClients(await readAsked(await request('O=other, CN=system:node:a')), usages)).toBe(
    'subject organization is not system:nodes',
  );
  expect(forKubeletClients(node, ['server auth'])).toContain('usages did not match');
  expect(signers.get('kubernetes.io/kubelet-serving')!(node, ['digital signature', 'server auth'])).toBe(
    'DNS or IP subjectAltName is required',
  );
});
