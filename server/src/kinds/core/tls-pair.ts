/** Whether a certificate and a key of a Secret of type kubernetes.io/tls are a pair. */
// Like crypto/tls X509KeyPair, whose sentences upstream shows as warnings.
import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What is wrong with the pair, as upstream says it; empty when nothing is. */
export function tlsPairWarning(certificate: string, key: string): string {
  const certificateBlocks = blockTypes(certificate);
  if (!certificateBlocks.length) return 'tls: failed to find any PEM data in certificate input';
  if (!certificateBlocks.includes('CERTIFICATE'))
    return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${certificateBlocks.join(' ')}]`;
  const keyBlocks = blockTypes(key);
  if (!keyBlocks.length) return 'tls: failed to find any PEM data in key input';
  if (!keyBlocks.some((type) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY')))
    return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keyBlocks.join(' ')}]`;
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
      ? ''
      : 'tls: private key does not match public key';
  } catch {
    return 'tls: failed to parse private key';
  }
}

const blockTypes = (text: string): string[] =>
  [...text.matchAll(/^-----BEGIN ([A-Z0-9 ]{1,64})-----\s*$/gm)].map(([, type = '']) => type);
