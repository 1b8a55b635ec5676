/** Why one container does not run. */
import { message } from '../i18n/message';
import type { ContainerSpec, ContainerStatus, Terminated } from '../kinds/pod';
import { formatBytes, memoryQuantity, parseQuantity, readableMemory } from '../kinds/quantity';
import type { Cause } from './cause';
import { exitCodeMeaning } from './exit-code';
import { imageCause, isImageReason } from './image-cause';

const configReasons: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
]);

/** Undefined when nothing is wrong with it, or it is only starting. */
export function containerCause(status: ContainerStatus, spec: ContainerSpec | undefined): Cause | undefined {
  const { waiting, terminated } = status.state ?? {};
  const reason = waiting?.reason;
  if (isImageReason(reason))
    return imageCause(reason ?? '', status.image ?? spec?.image ?? '', status.name, waiting?.message);
  if (reason !== undefined && configReasons.has(reason)) return configCause(reason, status.name, waiting?.message);
  const ended = terminated ?? status.lastState?.terminated;
  if (reason === 'CrashLoopBackOff') return crashCause(status, spec, ended, waiting?.message);
  if (terminated && terminated.exitCode !== 0) return crashCause(status, spec, terminated, terminated.message);
  return undefined;
}

function crashCause(
  status: ContainerStatus,
  spec: ContainerSpec | undefined,
  ended: Terminated | undefined,
  detail = '',
): Cause {
  if (ended?.reason === 'OOMKilled') return memoryCause(status, spec, detail);
  const crashing = status.state?.waiting?.reason === 'CrashLoopBackOff';
  const params = { container: status.name, restarts: status.restartCount, code: ended?.exitCode ?? '?' };
  return {
    term: crashing ? 'CrashLoopBackOff' : (ended?.reason ?? 'Error'),
    severity: 'critical',
    what: message(crashing ? 'cause.crash.what' : 'cause.crash.once', params),
    why: ended ? exitCodeMeaning(ended.exitCode, ended.signal) : message('cause.crash.unknown'),
    next: message('cause.crash.next'),
    remedy: { kind: 'logs', previous: crashing, container: status.name },
    detail,
  };
}

/** A container that used all it may: half as much again is proposed. */
function memoryCause(status: ContainerStatus, spec: ContainerSpec | undefined, detail: string): Cause {
  const limit = parseQuantity(spec?.resources?.limits?.['memory']);
  const known = Number.isFinite(limit);
  const suggested = known ? memoryQuantity(limit * 1.5) : '';
  return {
    term: 'OOMKilled',
    severity: 'critical',
    what: message('cause.memory.what', { container: status.name }),
    why: known ? message('cause.memory.limit', { limit: formatBytes(limit) }) : message('cause.memory.machine'),
    next: known
      ? message('cause.memory.next', { suggested: readableMemory(suggested) })
      : message('cause.memory.nextMachine'),
    remedy: known
      ? { kind: 'memory-limit', container: status.name, suggested }
      : { kind: 'logs', previous: true, container: status.name },
    detail,
  };
}

/** Like the sentences of pkg/kubelet/kubelet_pods.go and of the engine about what is missing. */
function configCause(reason: string, container: string, detail = ''): Cause {
  const missing = /^(configmap|secret) "([^"]{1,253})" not found/.exec(detail);
  const key = /^couldn't find key (\S{1,253}) in (ConfigMap|Secret) (\S{1,253})$/.exec(detail);
  const port = /(?:Bind for|listen tcp\w* )[^:]{0,60}:(\d{1,5}).{0,40}(?:already|in use)/.exec(detail);
  const base = { term: reason, severity: 'critical', detail } as const;
  const what = message('cause.config.what', { container });
  if (missing?.[1] && missing[2]) {
    const why = missing[1] === 'secret' ? 'cause.config.noSecret' : 'cause.config.noSettings';
    return {
      ...base,
      what,
      why: message(why, { name: missing[2] }),
      next: message('cause.config.next'),
      remedy: { kind: 'create', what: missing[1] === 'secret' ? 'secrets' : 'configmaps', name: missing[2] },
      also: { kind: 'yaml' },
    };
  }
  if (key?.[1] && key[3])
    return {
      ...base,
      what,
      why: message('cause.config.noKey', { key: key[1], name: key[3] }),
      next: message('cause.config.next'),
      remedy: { kind: 'yaml' },
    };
  if (port?.[1])
    return {
      ...base,
      term: 'PortConflict',
      what,
      why: message('cause.config.port', { port: port[1] }),
      next: message('cause.config.nextPort'),
      remedy: { kind: 'yaml' },
    };
  if (/executable file not found|no such file or directory|exec format error/.test(detail))
    return {
      ...base,
      what,
      why: message('cause.config.command'),
      next: message('cause.config.nextCommand'),
      remedy: { kind: 'yaml' },
    };
  return {
    ...base,
    what,
    why: message('cause.config.other'),
    next: message('cause.config.nextOther'),
    remedy: { kind: 'yaml' },
  };
}
