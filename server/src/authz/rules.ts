/** All that a user may do in a namespace, as a list. */
import type { User } from '../authn/user.ts';

export interface Rules {
  readonly resourceRules: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs?: readonly string[];
  }[];
  /** Whether an authorizer could not say all it would allow. */
  readonly incomplete: boolean;
  readonly evaluationError?: string;
}

export type RulesFor = (user: User, namespace: string) => Rules;
