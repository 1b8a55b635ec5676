/** The kinds of events.k8s.io. */
import type { Kind } from '../define-kind.ts';
import { newEvent } from './event.ts';

export const events: readonly Kind[] = [newEvent];
