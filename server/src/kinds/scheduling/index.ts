/** The kinds of scheduling.k8s.io. */
import type { Kind } from '../define-kind.ts';
import { priorityClass } from './priority-class.ts';

export const scheduling: readonly Kind[] = [priorityClass];
