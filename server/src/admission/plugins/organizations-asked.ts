/** The groups that a certificate request names. Loaded when the first is looked at: the library is not small. */
import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';

/** Empty for what is no request: nobody will sign it. */
export function organizationsAsked(pem: string): string[] {
  try {
    return new Pkcs10CertificateRequest(pem).subjectName.getField('O');
  } catch {
    return [];
  }
}
