/** The kinds of node.k8s.io. */
import type { Kind } from '../define-kind.ts';
import { runtimeClass } from './runtime-class.ts';

export const nodeGroup: readonly Kind[] = [runtimeClass];
