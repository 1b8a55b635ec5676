/** What every verb works with. */
import type { Clock } from '@naru/api/clock';
import type { Admission } from '../admission/admission.ts';
import type { ServiceAccountTokens } from '../authn/service-account-tokens.ts';
import type { Authorizer } from '../authz/authorize.ts';
import type { RulesFor } from '../authz/rules.ts';
import type { User } from '../authn/user.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { Store } from '../store/store.ts';
import type { WatchCache } from '../watch/watch-cache.ts';
import type { Computed } from './computed.ts';
import type { ServiceAllocator } from './allocation/allocate-service.ts';
import type { Catalog } from '../kinds/catalog.ts';

export interface Api {
  readonly store: Store;
  readonly cache: WatchCache;
  /** The kinds served now; another one once a custom kind comes or goes. */
  readonly catalog: Catalog;
  readonly admission: Admission;
  /** Decides who may do what; verbs ask it for reviews only, requests are checked before they come here. */
  readonly authorizer: Authorizer;
  readonly rulesFor: RulesFor;
  /** Issues the tokens that pods and people ask for. */
  readonly tokens: ServiceAccountTokens;
  readonly clock: Clock;
  /** Works out the kinds that are not stored. */
  readonly computed: Computed;
  /** Gives services their addresses and ports. */
  readonly services: ServiceAllocator;
  /** Random bits, so that tests can have the same ones twice. */
  readonly random: { uuid(): string; below(limit: number): number };
}

/** One object of one kind, and who asks for it. */
export interface Target {
  readonly kind: Kind;
  /** Empty for cluster-scoped kinds, and for all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly user: User;
}

/** What may be said of every write. */
export interface WriteSettings {
  readonly dryRun: boolean;
  /** Of the query, or the program's name in User-Agent. */
  readonly fieldManager: string;
  /** Adds a `Warning:` header to the answer. */
  warn(text: string): void;
}
