/** Why something does not run: what happens, why, and what to do next. */
import type { Message } from '../i18n/message';

export type Severity = 'critical' | 'warning' | 'info';

/** What a button beside a cause does. */
export type Remedy =
  | { readonly kind: 'logs'; readonly previous: boolean; readonly container: string }
  | { readonly kind: 'image'; readonly container: string }
  | { readonly kind: 'memory-limit'; readonly container: string; readonly suggested: string }
  | {
      readonly kind: 'reservation';
      readonly container: string;
      readonly resource: 'cpu' | 'memory';
      /** What would fit, when somebody has reckoned it. */
      readonly suggested?: string;
    }
  | { readonly kind: 'create'; readonly what: 'configmaps' | 'secrets'; readonly name: string }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'yaml' }
  | { readonly kind: 'events' }
  | { readonly kind: 'machines' }
  | { readonly kind: 'force-delete' };

export interface Cause {
  /** The term Kubernetes uses, shown small beside the sentence so that it can be searched for. */
  readonly term: string;
  readonly severity: Severity;
  readonly what: Message;
  readonly why: Message;
  readonly next: Message;
  readonly remedy: Remedy | undefined;
  /** Another way out, beside the first. */
  readonly also?: Remedy;
  /** The original message, folded away. */
  readonly detail?: string;
}

const order: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** The worst of several causes; the first among equals. */
export function worstCause(causes: readonly (Cause | undefined)[]): Cause | undefined {
  let worst: Cause | undefined;
  for (const cause of causes) {
    if (cause && (!worst || order[cause.severity] < order[worst.severity])) worst = cause;
  }
  return worst;
}
