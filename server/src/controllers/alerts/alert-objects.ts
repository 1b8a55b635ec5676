/** Makes Alert objects say what the engine knows; writes only what has changed. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { Informer } from '@naru/api/client/informer';
import { hasReason, isAlreadyExists, isNotFound } from '@naru/api/status';
import { equalJson } from '../runtime/equal-json.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { alerts, fingerprintLabel, type Alert, type AlertFix, type AlertReference, type AlertStatus } from './alert.ts';
import type { Entry } from './entry.ts';
import { gatherEvidence, type ReadLog } from './evidence.ts';
import { alertName } from './fingerprint.ts';
import { sentence } from './sentence.ts';
import { timeOf } from './views/pod.ts';

const byFingerprint = 'fingerprint';
/** What comes back so soon is the same trouble again. */
const reopenedWithin = 15 * 60_000;
/** Numbers in a sentence may be so old; what matters more is written at once. */
const detailsEvery = 30_000;
const mostInstances = 100;
const details = ['instances', 'message', 'fixes'] as const;

export interface AlertObjectsOptions {
  readonly client: Client;
  readonly informer: Informer<Alert>;
  readonly clock: Clock;
  readonly readLog: ReadLog | undefined;
}

export class AlertObjects {
  readonly #options: AlertObjectsOptions;
  readonly #resource;
  /** When the details of an entry were last written. */
  readonly #written = new Map<string, number>();

  constructor(options: AlertObjectsOptions) {
    this.#options = options;
    this.#resource = options.client.for<Alert>(alerts);
    options.informer.addIndex(byFingerprint, ({ metadata }) => [metadata.labels?.[fingerprintLabel] ?? '']);
  }

  /** Brings the entry's object up to date. An alert whose namespace goes is not written any more. */
  async write(entry: Entry): Promise<void> {
    try {
      const object = this.#objectOf(entry) ?? (await this.#open(entry));
      if (object) await this.#update(entry, object);
    } catch (error) {
      if (isNotFound(error) || hasReason(error, 'Forbidden')) return;
      throw error;
    }
    if (entry.state.phase === 'resolved') this.#written.delete(entry.fingerprint);
  }

  #objectOf({ objectName, namespace }: Entry): Alert | undefined {
    return objectName === undefined ? undefined : this.#options.informer.get(`${namespace}/${objectName}`);
  }

  /** A new object, or the last one if its trouble has come back; none for what is over already. */
  async #open(entry: Entry): Promise<Alert | undefined> {
    const { fingerprint, namespace, rule, subject, state } = entry;
    if (state.phase === 'resolved') return undefined;
    const recent = this.#reopened(fingerprint);
    if (recent) {
      entry.objectName = recent.metadata.name ?? '';
      entry.state = { ...state, timesFired: (recent.status?.timesFired ?? 1) + 1 };
      return recent;
    }
    const name = alertName(rule.name, subject, fingerprint, state.firedAt ?? this.#options.clock.now());
    entry.objectName = name;
    try {
      return await this.#resource.create({
        metadata: { name, namespace, labels: { [fingerprintLabel]: fingerprint } },
        spec: specOf(entry),
      });
    } catch (error) {
      if (isAlreadyExists(error)) return this.#resource.get(name, namespace);
      throw error;
    }
  }

  #reopened(fingerprint: string): Alert | undefined {
    const { informer, clock } = this.#options;
    const ended = informer.byIndex(byFingerprint, fingerprint).map((alert) => ({
      alert,
      at: timeOf(alert.status?.resolvedAt) ?? 0,
    }));
    const [last] = ended.sort((a, b) => b.at - a.at);
    return last && clock.now() - last.at < reopenedWithin ? last.alert : undefined;
  }

  async #update(entry: Entry, object: Alert): Promise<void> {
    const { namespace, state } = entry;
    const name = object.metadata.name ?? '';
    const now = this.#options.clock.now();
    const isNew = object.status?.state === undefined || object.status.state === 'resolved';
    const isWorth = isNew || object.spec.severity !== state.severity || this.#areDetailsDue(entry, now);
    const spec = specOf(entry);
    if (isWorth && !equalJson(object.spec, spec))
      await this.#resource.patch(
        name,
        namespace,
        { spec: { ...spec, params: replaced(object, spec) } },
        { type: 'merge' },
      );
    const status = statusOf(entry);
    if (!isWorth) for (const detail of details) delete status[detail];
    if (!differs(object.status, status)) return;
    if (isWorth) this.#written.set(entry.fingerprint, now);
    const body = { status: { ...status, lastEvaluated: timestamp(now) } };
    await this.#resource.patch(name, namespace, body, { type: 'merge', subresource: 'status' });
    if (isNew && state.phase === 'firing') await this.#addEvidence(entry, name);
  }

  async #addEvidence({ namespace, state }: Entry, name: string): Promise<void> {
    if (!state.witness) return;
    const evidence = await gatherEvidence(namespace, state.witness, this.#options);
    if (Object.keys(evidence).length === 0) return;
    await this.#resource.patch(name, namespace, { status: { evidence } }, { type: 'merge', subresource: 'status' });
  }

  #areDetailsDue({ fingerprint }: Entry, now: number): boolean {
    return now - (this.#written.get(fingerprint) ?? 0) >= detailsEvery;
  }
}

const specOf = ({ rule, subject, state }: Entry): Alert['spec'] => ({
  rule: rule.name,
  severity: state.severity,
  subject,
  params: { ...state.params },
});

/** As a merge patch: what is there and not wanted any more is null. */
function replaced({ spec }: Alert, { params = {} }: Alert['spec']): Record<string, string | null> {
  const gone = Object.keys(spec.params ?? {}).filter((name) => !Object.hasOwn(params, name));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...params };
}

type StatusPatch = { [Field in keyof AlertStatus]?: AlertStatus[Field] | null };

/** The fields that are the engine's; acknowledgements and silences are people's, `notified` is the notifier's. */
function statusOf({ rule, state, consequences, causes }: Entry): StatusPatch {
  const time = (milliseconds: number | undefined) => (milliseconds === undefined ? null : timestamp(milliseconds));
  const following = [...consequences.values()].flat();
  return {
    state: state.phase,
    startedAt: time(state.startedAt),
    firedAt: time(state.firedAt),
    resolvedAt: time(state.resolvedAt),
    instances: listed([...state.instances].sort().slice(0, mostInstances)),
    causes: listed([...causes]),
    consequences: listed(following),
    timesFired: state.timesFired,
    stale: state.stale ? true : null,
    message: sentence(rule, state.params, 'en'),
    fixes: listed(state.fixes.map((fix) => ({ ...fix }) as AlertFix)),
    clearedAt: time(state.clearSince),
  };
}

const listed = <Item extends string | AlertReference | AlertFix>(items: Item[]): Item[] | null =>
  items.length ? items : null;

function differs(status: AlertStatus | undefined, wanted: StatusPatch): boolean {
  return Object.entries(wanted).some(([field, value]) => {
    const present = status?.[field as keyof AlertStatus];
    return value === null ? present !== undefined && present !== null : !equalJson(present, value);
  });
}
