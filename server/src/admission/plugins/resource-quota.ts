/** A namespace does not get more than its quotas allow; what a write takes is written down before it happens. */
// Like apiserver pkg/admission/plugin/resourcequota. As there, a write that then fails has taken its part until the next count.
import type { Clock } from '@naru/api/clock';
import type { AnyObject } from '@naru/api/object';
import { isConflict } from '@naru/api/status';
import { chargeQuotas, type Charge } from '../../quota/charge.ts';
import type { Evaluator } from '../../quota/evaluator.ts';
import { evaluatorOf } from '../../quota/evaluators.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { refusal } from '../refusal.ts';

export interface ResourceQuotaOptions {
  readonly reader: Reader;
  readonly clock: Clock;
  /** Writes the status of a quota that nobody has changed since; throws a conflict otherwise. */
  readonly updateStatus: (quota: AnyObject) => Promise<unknown>;
}

const attempts = 5;

export function resourceQuota(options: ResourceQuotaOptions): AdmissionPlugin {
  const turns = new Turns();
  return {
    name: 'ResourceQuota',
    async validate(attributes) {
      const { operation, kind, namespace, subresource, object } = attributes;
      if (!namespace || !object || !hasQuotas(namespace, options.reader)) return;
      const evaluator = evaluatorOf(kind);
      if (!evaluator?.handles(operation, subresource)) return;
      await turns.take(namespace, () => charge(attributes, object, evaluator, options));
    },
  };
}

const hasQuotas = (namespace: string, reader: Reader): boolean => {
  for (const _quota of reader.all('resourcequotas', namespace)) return true;
  return false;
};

async function charge(
  attributes: Attributes,
  object: AnyObject,
  evaluator: Evaluator,
  { reader, clock, updateStatus }: ResourceQuotaOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const quotas = [...reader.all('resourcequotas', attributes.namespace)];
    const outcome = chargeQuotas({ quotas, evaluator, object, old: attributes.oldObject, now: clock.now() });
    if ('refusal' in outcome) throw refusal(attributes, outcome.refusal);
    if (attributes.dryRun) return;
    try {
      for (const each of outcome.charges) await updateStatus(charged(each));
      return;
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
    }
  }
}

const charged = ({ quota, used }: Charge): AnyObject => ({
  ...quota,
  status: { ...(quota['status'] as object), used: Object.fromEntries(used) },
});

/** One at a time in each namespace, in the order of arrival: what one takes, the next must see. */
class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async take(namespace: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(namespace) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(work);
    this.#last.set(namespace, turn);
    try {
      await turn;
    } finally {
      if (this.#last.get(namespace) === turn) this.#last.delete(namespace);
    }
  }
}
