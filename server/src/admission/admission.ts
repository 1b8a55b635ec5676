/** May this object be so, and should it be changed? Mutating plugins run first, validating ones once the object is complete. */
// Like apiserver pkg/admission.
import type { AnyObject } from '@naru/api/object';
import type { User } from '../authn/user.ts';
import type { Kind } from '../kinds/define-kind.ts';

/** A write as plugins see it. */
export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly user: User;
  readonly dryRun: boolean;
  /** The object to be; mutating plugins change it. Absent for DELETE. */
  readonly object?: AnyObject;
  /** The object that is; absent for CREATE. Frozen. */
  readonly oldObject?: AnyObject;
  warn(text: string): void;
}

/** Undo what a plugin reserved for a write that did not happen. */
export type Release = () => void;

export interface AdmissionPlugin {
  readonly name: string;
  /** May change the object, or throw a StatusError. */
  mutate?(attributes: Attributes): void | Promise<void>;
  /** May throw a StatusError. */
  validate?(attributes: Attributes): void | Promise<void>;
}

export class Admission {
  readonly #mutating: readonly AdmissionPlugin[];
  readonly #validating: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#mutating = plugins.filter((plugin) => plugin.mutate);
    this.#validating = plugins.filter((plugin) => plugin.validate);
  }

  async mutate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#mutating) {
      const pending = plugin.mutate!(attributes);
      if (pending) await pending;
    }
  }

  async validate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#validating) {
      const pending = plugin.validate!(attributes);
      if (pending) await pending;
    }
  }
}
