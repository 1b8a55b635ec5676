/** Every kind this server serves, and those whose files are written but which wait for their behaviour. */
import { apps } from './apps/index.ts';
import { coordination } from './coordination/index.ts';
import { core } from './core/index.ts';
import { discovery } from './discovery/index.ts';
import type { Kind } from './define-kind.ts';
import { events } from './events/index.ts';

export const kinds: readonly Kind[] = [...core, ...apps, ...coordination, ...discovery, ...events];

/** Complete as API objects, but nothing acts on them yet: move one up to serve it. */
export const notYetServed: readonly Kind[] = [];
