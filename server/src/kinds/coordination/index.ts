/** The kinds of coordination.k8s.io. */
import type { Kind } from '../define-kind.ts';
import { lease } from './lease.ts';

export const coordination: readonly Kind[] = [lease];
