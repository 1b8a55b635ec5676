/** The kinds of discovery.k8s.io. */
import type { Kind } from '../define-kind.ts';
import { endpointSlice } from './endpoint-slice.ts';

export const discovery: readonly Kind[] = [endpointSlice];
