/** Rules about containers that cannot start: no image, no configuration, no machine. */
import type { Finding, Rule } from '../rule.ts';
import { conditionOf } from '../../runtime/condition.ts';
import { podName, statusesOf, timeOf, type ContainerStatus, type Pod } from '../views/pod.ts';
import { cpuText, memoryText, reservedBy } from '../views/room.ts';
import type { AppView } from '../views/app.ts';

interface Waiting {
  readonly pod: Pod;
  readonly status: ContainerStatus;
}

function waitingFor(view: AppView, reasons: ReadonlySet<string>): Waiting[] {
  return view.troubled.flatMap((pod) =>
    statusesOf(pod)
      .filter(({ state }) => reasons.has(state?.waiting?.reason ?? ''))
      .map((status) => ({ pod, status })),
  );
}

const pullFailures = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

export const imagePullFailed: Rule<AppView> = {
  number: 5,
  name: 'ImagePullFailed',
  severity: 'warning',
  forSeconds: 30,
  keepSeconds: 0,
  role: 'cause',
  condition: 'an image cannot be had; critical when no instance is ready',
  message: { en: '{app}: cannot download {image}: {why}', ko: '{app}: 이미지를 받을 수 없음 {image}: {why}' },
  find(view) {
    const waiting = waitingFor(view, pullFailures);
    const [first] = waiting;
    if (!first) return [];
    const { pod, status } = first;
    const { reason = '', message = '' } = status.state?.waiting ?? {};
    const image = pod.spec.containers.find(({ name }) => name === status.name)?.image ?? status.image ?? '';
    return [
      {
        ...(view.available === 0 && { severity: 'critical' }),
        params: { app: view.name, container: status.name, image, why: whyNoImage(reason, message), detail: message },
        instances: instancesOf(waiting),
        witness: { pod: podName(pod) },
      },
    ];
  },
};

/** In one word; the page has a sentence for each. */
export function whyNoImage(reason: string, message: string): string {
  const text = message.slice(0, 4096).toLowerCase();
  const says = (...marks: string[]) => marks.some((mark) => text.includes(mark));
  if (reason === 'InvalidImageName') return 'bad-name';
  if (reason === 'ErrImageNeverPull') return 'not-present';
  if (says('toomanyrequests', 'too many requests', 'rate limit')) return 'rate-limit';
  if (says('no space left')) return 'disk-full';
  if (says('manifest unknown', 'not found', 'does not exist', 'no such image')) return 'not-found';
  if (says('unauthorized', 'denied', 'authentication required', 'forbidden')) return 'needs-login';
  if (says('no such host', 'timeout', 'connection refused', 'network is unreachable', 'dial tcp', 'i/o'))
    return 'no-network';
  return 'unknown';
}

const configFailures = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

export const containerConfigError: Rule<AppView> = {
  number: 6,
  name: 'ContainerConfigError',
  severity: 'warning',
  forSeconds: 15,
  keepSeconds: 0,
  role: 'cause',
  condition: 'a container cannot be made or started as it is configured',
  message: { en: '{app} cannot start: {detail}', ko: '{app} 시작 불가: {detail}' },
  find(view) {
    const waiting = waitingFor(view, configFailures);
    const [first] = waiting;
    if (!first) return [];
    const { reason = '', message = '' } = first.status.state?.waiting ?? {};
    return [
      {
        params: {
          app: view.name,
          container: first.status.name,
          reason,
          detail: message.slice(0, 1024),
          ...missingThing(message),
        },
        instances: instancesOf(waiting),
        witness: { pod: podName(first.pod) },
      },
    ];
  },
};

/** What the kubelet's sentence says is missing, if it says so. */
export function missingThing(message: string): Record<string, string> {
  const text = message.slice(0, 1024);
  const object = /\b(configmap|secret) "([^"]+)" not found/.exec(text);
  if (object) return { missingKind: object[1]!, missing: object[2]! };
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) [^\s/]+\/(\S+)/.exec(text);
  return key ? { missingKey: key[1]!, missingKind: key[2]!.toLowerCase(), missing: key[3]! } : {};
}

export const cannotPlace: Rule<AppView> = {
  number: 8,
  name: 'CannotPlace',
  severity: 'warning',
  forSeconds: 30,
  keepSeconds: 0,
  role: 'cause',
  condition: 'no machine can run an instance',
  message: {
    en: 'No machine can run {app}: needs {needCpu} CPU and {needMemory} memory, free {freeCpu} and {freeMemory}',
    ko: '{app} 앱을 실행할 머신 없음: 필요 CPU {needCpu}, 메모리 {needMemory}, 여유 {freeCpu}, {freeMemory}',
  },
  find(view) {
    const homeless = view.troubled.flatMap((pod) => {
      const condition = conditionOf(pod.status?.conditions, 'PodScheduled');
      return condition?.status === 'False' && condition.reason === 'Unschedulable' ? [{ pod, condition }] : [];
    });
    const [first] = homeless;
    if (!first) return [];
    const need = reservedBy(first.pod);
    const { free, machines } = view.room();
    const since = timeOf(first.condition.lastTransitionTime);
    const found: Finding = {
      params: {
        app: view.name,
        needCpu: cpuText(need.cpu),
        needMemory: memoryText(need.memory),
        freeCpu: cpuText(free.cpu),
        freeMemory: memoryText(free.memory),
        machines: String(machines),
        why: whyNoPlace(first.condition.message ?? '', machines),
        detail: (first.condition.message ?? '').slice(0, 1024),
      },
      instances: homeless.map(({ pod }) => podName(pod)),
      witness: { pod: podName(first.pod) },
      ...(since !== undefined && { since }),
    };
    return [found];
  },
};

/** In one word, from the scheduler's sentence. */
export function whyNoPlace(message: string, machines: number): string {
  if (machines === 0 || message.includes('no nodes available')) return 'no-machine';
  const reasons: [string, string][] = [
    ['Insufficient memory', 'memory'],
    ['Insufficient cpu', 'cpu'],
    ['Too many pods', 'pods'],
    ['free ports', 'port'],
    ['taint', 'taint'],
    ['node affinity/selector', 'selector'],
    ['persistentvolumeclaim', 'storage'],
    ['volume', 'storage'],
  ];
  return reasons.find(([mark]) => message.includes(mark))?.[1] ?? 'unknown';
}

const instancesOf = (waiting: readonly Waiting[]): string[] => [...new Set(waiting.map(({ pod }) => podName(pod)))];
