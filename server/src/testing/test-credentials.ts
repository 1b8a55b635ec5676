/** Certificates and keys of a cluster that lives for one test run. */
import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Credentials } from '../config.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 60 * 60_000;

export interface TestCredentials extends Credentials {
  /** Signs a client certificate. */
  client(name: string, groups?: readonly string[]): Promise<{ cert: string; key: string }>;
}

export async function testCredentials(): Promise<TestCredentials> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const authority = await makeKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=naru-test',
    keys: authority,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const sign = async (subject: string, extensions: x509.Extension[]) => {
    const keys = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: algorithm,
      ...validity(),
      extensions,
    });
    return { cert: certificate.toString('pem'), key: await privatePem(keys) };
  };
  const names = new x509.SubjectAlternativeNameExtension([
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'localhost' },
  ]);
  const server = await sign('CN=kube-apiserver', [names]);
  const kubeletClient = await sign('O=system:masters, CN=kube-apiserver-kubelet-client', []);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    tls: { cert: Buffer.from(server.cert), key: Buffer.from(server.key), ca: Buffer.from(ca.toString('pem')) },
    kubeletClient: { cert: Buffer.from(kubeletClient.cert), key: Buffer.from(kubeletClient.key) },
    serviceAccount: {
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    client: (name, groups = []) => sign([...groups.map((group) => `O=${group}`), `CN=${name}`].join(', '), []),
  };
}

const makeKeys = () =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

const validity = () => ({ notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) });

async function privatePem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey as webcrypto.CryptoKey));
  return `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
