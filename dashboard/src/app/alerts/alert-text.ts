/** An alert in words: its sentence, and the names of its rule. Texts come from the rule and its parameters. */
import { exitCodeMeaning } from '../causes/exit-code';
import type { Language } from '../i18n/language';
import { type Message, type MessageKey, message } from '../i18n/message';
import { formatCores, parseQuantity, readableMemory } from '../kinds/quantity';
import { clockTime } from '../ui/relative-time';
import type { Alert, AlertLink } from './alert';

type Params = Readonly<Record<string, string | number>>;

export function alertText(alert: Alert, language: Language): string {
  const { rule, subject } = alert.spec;
  const key = `alert.${rule}`;
  // A rule newer than this page speaks for itself, in English.
  if (!language.has(key)) return alert.status?.message ?? `${rule}: ${subject?.name ?? ''}`;
  return language.say(key, { app: subject?.name ?? '', ...readable(alert.spec.params ?? {}) });
}

/** Why it is so, in a sentence, when the alert knows. */
export function alertWhy(alert: Alert, language: Language): string | undefined {
  const { rule, params = {} } = alert.spec;
  const why = whyOf(rule, readable(params), (time) => clockTime(Date.parse(time), language.current()));
  return why && language.sayMessage(why);
}

const imageWhys: Readonly<Record<string, MessageKey>> = {
  'bad-name': 'cause.image.badName',
  'not-present': 'cause.image.neverPull',
  'rate-limit': 'cause.image.rateLimit',
  'disk-full': 'cause.image.diskFull',
  'not-found': 'cause.image.notFound',
  'needs-login': 'cause.image.private',
  'no-network': 'cause.image.noNetwork',
};

const placeWhys: Readonly<Record<string, MessageKey>> = {
  memory: 'alert.why.memory',
  cpu: 'alert.why.cpu',
  'no-machine': 'cause.place.noMachine',
  pods: 'cause.place.tooMany',
  port: 'cause.place.ports',
  taint: 'cause.place.taint',
  selector: 'cause.place.affinity',
  storage: 'cause.place.storage',
};

const rolloutWhys: Readonly<Record<string, MessageKey>> = {
  'old-serves': 'alert.why.oldServes',
  'none-serves': 'cause.stuck.whyFirst',
  first: 'cause.stuck.whyFirst',
};

const targetWhys: Readonly<Record<string, MessageKey>> = {
  'no-match': 'network.matchesNothing',
  'app-gone': 'alert.why.appGone',
  'not-ready': 'network.noneReady',
  'no-port': 'alert.why.noPort',
};

const storageWhys: Readonly<Record<string, MessageKey>> = {
  'no-class': 'alert.why.noClass',
  'class-missing': 'alert.why.classMissing',
  waiting: 'alert.why.noVolume',
  failed: 'alert.why.volumeFailed',
  lost: 'alert.why.volumeLost',
};

export function whyOf(rule: string, params: Params, clock: (time: string) => string): Message | undefined {
  const known = (keys: Readonly<Record<string, MessageKey>>) => {
    const word = String(params['why'] ?? '');
    return Object.hasOwn(keys, word) ? keys[word] : undefined;
  };
  switch (rule) {
    case 'ImagePullFailed':
      return message(known(imageWhys) ?? 'cause.image.unknown');
    case 'CannotPlace':
      return message(known(placeWhys) ?? 'cause.place.other', withCores(params));
    case 'ContainerConfigError':
      return missingWhy(params);
    case 'OutOfMemoryKilled':
      return params['limit']
        ? message('cause.memory.limit', { limit: params['limit'] })
        : message('cause.memory.machine');
    case 'CrashLooping':
      return /^\d+$/.test(String(params['code'])) ? exitCodeMeaning(Number(params['code'])) : undefined;
    case 'RolloutStuck':
      return message(known(rolloutWhys) ?? 'cause.stuck.whyFirst');
    case 'MachineOffline':
      return message('alert.why.affected', { apps: params['apps'] ?? 0, since: clock(String(params['since'] ?? '')) });
    case 'MachineMemoryHigh':
    case 'DiskFilling':
      if (params['pressure']) return message('alert.why.pressure');
      return params['hours'] === undefined ? undefined : message('alert.why.full', { hours: params['hours'] });
    case 'AddressHasNoTarget':
      return message(known(targetWhys) ?? 'network.noneReady');
    case 'StoragePending':
      return message(known(storageWhys) ?? 'alert.why.noVolume');
    case 'ProjectNearLimit':
      return params['apps'] === undefined ? undefined : message('alert.why.refused', { apps: params['apps'] });
    case 'Flapping':
    case 'MachineFlapping':
      return message('alert.why.times', { times: params['times'] ?? 0 });
    case 'MachineCpuHigh':
      return params['load'] === undefined ? undefined : message('alert.why.load', { load: params['load'] });
    case 'MetricsMissing':
    case 'StuckStarting':
      return message('alert.why.since', { since: clock(String(params['since'] ?? '')) });
    case 'AutoscaleBlind':
      return message('failure.why.message', { message: params['detail'] ?? '' });
    case 'EngineDown':
    case 'NotifyFailed':
      return message('failure.why.message', { message: params['error'] ?? '' });
    default:
      return undefined;
  }
}

function missingWhy({ missing, missingKind, missingKey }: Params): Message {
  if (missing === undefined) return message('cause.config.other');
  if (missingKey !== undefined) return message('cause.config.noKey', { name: missing, key: missingKey });
  return message(missingKind === 'secret' ? 'cause.config.noSecret' : 'cause.config.noSettings', { name: missing });
}

/** Amounts of memory as people write them. */
function readable(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? readableMemory(value) : value]),
  );
}

/** Thousandths of a core are for manifests, not for sentences. */
function withCores(params: Params): Params {
  const cores = (text: string | number | undefined) => formatCores(parseQuantity(String(text ?? '')));
  return { ...params, needCpu: cores(params['needCpu']), freeCpu: cores(params['freeCpu']) };
}

export function ruleName(rule: string, language: Language): string {
  const key = `rule.${rule}`;
  return language.has(key) ? language.say(key as MessageKey) : rule;
}

export function adviceOf(rule: string, language: Language): string | undefined {
  const key = `advice.${rule}`;
  return language.has(key) ? language.say(key as MessageKey) : undefined;
}

export function linkText({ rule, subject }: AlertLink, language: Language): string {
  return [subject?.name, ruleName(rule, language)].filter((part) => part).join(': ');
}
