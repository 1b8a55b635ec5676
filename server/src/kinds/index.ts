/** Every kind this server serves, and those whose files are written but which wait for their behaviour. */
import { core } from './core/index.ts';
import type { Kind } from './define-kind.ts';

export const kinds: readonly Kind[] = [...core];

/** Complete as API objects, but nothing acts on them yet: move one up to serve it. */
export const notYetServed: readonly Kind[] = [];
