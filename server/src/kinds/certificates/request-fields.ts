/** The parts of a CertificateSigningRequest. */
import type { V1CertificateSigningRequest, V1CertificateSigningRequestCondition } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf, type Fields, type ObjectFields } from '../fields.ts';

export type CertificateRequest = ObjectFields<V1CertificateSigningRequest>;
export type Condition = Fields<V1CertificateSigningRequestCondition>;

export const requestOf = (object: AnyObject): CertificateRequest => fieldsOf<V1CertificateSigningRequest>(object);

export const legacySigner = 'kubernetes.io/legacy-unknown';

/** The text a base64 field holds. */
export const textOf = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

/** The types of the PEM blocks in a text, in their order, each with what it holds. */
export const pemBlocks = (text: string): { type: string; block: string }[] =>
  [...text.matchAll(/-----BEGIN ([^-\n]+)-----\n[^-]*-----END \1-----/g)].map(([block, type = '']) => ({
    type,
    block,
  }));
