/** The kinds of certificates.k8s.io. */
import type { Kind } from '../define-kind.ts';
import { certificateSigningRequest } from './certificate-signing-request.ts';

export const certificates: readonly Kind[] = [certificateSigningRequest];
