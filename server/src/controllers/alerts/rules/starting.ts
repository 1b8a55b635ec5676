/** Rules about containers that cannot start: no image, no configuration, no machine. */
import type { Finding, Fix, Rule } from '../rule.ts';
import { conditionOf } from '../../runtime/condition.ts';
import { containerSpecOf, podName, statusesOf, timeOf, type ContainerStatus, type Pod } from '../views/pod.ts';
import { cpuText, memoryText, reservationThatFits, reservedBy, type Room } from '../views/room.ts';
import type { AppView } from '../views/app.ts';
import { rollBack } from './suggest.ts';

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
  // Between two tries, and after a restart of the agent, the reason is another one for a while.
  keepSeconds: 60,
  role: 'cause',
  endsWithInstances: true,
  condition: 'an image cannot be had; critical when no instance is ready',
  message: { en: '{app}: cannot download {image}: {why}', ko: '{app}: 이미지를 받을 수 없음 {image}: {why}' },
  words: {
    why: {
      'bad-name': { en: 'this is no name of an image', ko: '올바른 이미지 이름이 아님' },
      'not-present': { en: 'it is not on the machine, and must not be pulled', ko: '머신에 없고 받기도 금지됨' },
      'rate-limit': { en: 'the registry limits how often one may ask', ko: '레지스트리 요청 한도 초과' },
      'disk-full': { en: 'the disk is full', ko: '디스크가 가득 참' },
      'not-found': { en: 'the registry does not have it', ko: '레지스트리에 없음' },
      'needs-login': { en: 'the registry wants a login', ko: '레지스트리 로그인이 필요함' },
      'no-network': { en: 'the registry does not answer', ko: '레지스트리가 응답하지 않음' },
      unknown: { en: 'see the events of the instance', ko: '인스턴스 이벤트를 확인' },
    },
  },
  find(view) {
    const waiting = waitingFor(view, pullFailures);
    const [first] = waiting;
    if (!first) return [];
    const { pod, status } = first;
    const { reason = '', message = '' } = status.state?.waiting ?? {};
    const image = containerSpecOf(pod, status.name)?.image ?? status.image ?? '';
    const why = whyNoImage(reason, message);
    return [
      {
        ...(view.available === 0 && { severity: 'critical' }),
        params: { app: view.name, container: status.name, image, why, detail: message.slice(0, 1024) },
        instances: instancesOf(waiting),
        witness: { pod: podName(pod) },
        fixes: [
          ...(why === 'needs-login' ? [login(image)] : []),
          { code: 'edit-image', params: { container: status.name, image } },
          ...rollBack(view),
        ],
      },
    ];
  },
};

const login = (image: string): Fix => ({ code: 'add-registry-login', params: { registry: registryOf(image) } });

/** `docker.io` unless the first part of the name is a host. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

/** In one word; pages have a sentence for each. */
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
  keepSeconds: 60,
  role: 'cause',
  endsWithInstances: true,
  condition: 'a container cannot be made or started as it is configured',
  message: { en: '{app} cannot start: {detail}', ko: '{app} 시작 불가: {detail}' },
  find(view) {
    const waiting = waitingFor(view, configFailures);
    const [first] = waiting;
    if (!first) return [];
    const { reason = '', message = '' } = first.status.state?.waiting ?? {};
    const missing = missingThing(message);
    return [
      {
        params: {
          app: view.name,
          container: first.status.name,
          reason,
          detail: message.slice(0, 1024),
          ...missing,
        },
        instances: instancesOf(waiting),
        witness: { pod: podName(first.pod) },
        fixes: [...createMissing(missing), { code: 'edit-settings', params: { container: first.status.name } }],
      },
    ];
  },
};

function createMissing({ missing, missingKind, missingKey }: Record<string, string>): Fix[] {
  if (!missing || !missingKind) return [];
  return [
    { code: 'create-missing', params: { kind: missingKind, name: missing, ...(missingKey && { key: missingKey }) } },
  ];
}

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
    en: 'No machine can run {app}: needs {needCpu} CPU and {needMemory} memory, free {freeCpu} and {freeMemory} ({why})',
    ko: '{app} 앱을 실행할 머신 없음: 필요 CPU {needCpu}, 메모리 {needMemory}, 여유 {freeCpu}, {freeMemory} ({why})',
  },
  words: {
    why: {
      cordoned: { en: 'all machines are closed to new instances', ko: '모든 머신이 새 인스턴스를 받지 않음' },
      'no-machine': { en: 'no machine answers', ko: '응답하는 머신 없음' },
      memory: { en: 'memory is short', ko: '메모리 부족' },
      cpu: { en: 'CPU is short', ko: 'CPU 부족' },
      pods: { en: 'the machines have no place for more instances', ko: '인스턴스 수 한도' },
      port: { en: 'its port is taken', ko: '포트가 사용 중' },
      taint: { en: 'the machines do not want it', ko: '머신의 테인트' },
      selector: { en: 'no machine is one of those it asks for', ko: '조건에 맞는 머신 없음' },
      storage: { en: 'its storage is not there', ko: '저장 공간 준비 안 됨' },
      unknown: { en: 'see the events of the instance', ko: '인스턴스 이벤트를 확인' },
    },
  },
  find(view) {
    const homeless = view.troubled.flatMap((pod) => {
      const condition = conditionOf(pod.status?.conditions, 'PodScheduled');
      return condition?.status === 'False' && condition.reason === 'Unschedulable' ? [{ pod, condition }] : [];
    });
    const [first] = homeless;
    if (!first) return [];
    const need = reservedBy(first.pod);
    const room = view.room();
    const { free, machines } = room;
    const why = whyNoPlace(first.condition.message ?? '', machines.length);
    const since = timeOf(first.condition.lastTransitionTime);
    const found: Finding = {
      // Somebody wanted it so.
      ...(why === 'cordoned' && { severity: 'info' }),
      params: {
        app: view.name,
        needCpu: cpuText(need.cpu),
        needMemory: memoryText(need.memory),
        freeCpu: cpuText(free.cpu),
        freeMemory: memoryText(free.memory),
        machines: String(machines.length),
        why,
        detail: (first.condition.message ?? '').slice(0, 1024),
      },
      instances: homeless.map(({ pod }) => podName(pod)),
      witness: { pod: podName(first.pod) },
      fixes: placeFixes(why, first.pod, room, homeless.length),
      ...(since !== undefined && { since }),
    };
    return [found];
  },
};

function placeFixes(why: string, pod: Pod, room: Room, count: number): Fix[] {
  if (why === 'cordoned') return room.cordoned.map((machine): Fix => ({ code: 'uncordon', params: { machine } }));
  const less = reservationThatFits(pod, room, count);
  return [...(less ? [{ code: 'lower-reservation', params: { ...less } } as const] : []), { code: 'add-machine' }];
}

/** Every machine takes no new pods because somebody said so. */
function areAllCordoned(message: string): boolean {
  const [, all, cordoned] = /^0\/(\d+) nodes are available: (\d+) node\(s\) were unschedulable\./.exec(message) ?? [];
  return all !== undefined && all === cordoned;
}

/** In one word, from the scheduler's sentence. */
export function whyNoPlace(message: string, machines: number): string {
  if (areAllCordoned(message)) return 'cordoned';
  if (machines === 0 || message.includes('no nodes available')) return 'no-machine';
  const reasons: [string, string][] = [
    ['insufficient memory', 'memory'],
    ['insufficient cpu', 'cpu'],
    ['too many pods', 'pods'],
    ['free ports', 'port'],
    ['taint', 'taint'],
    ['node affinity/selector', 'selector'],
    ['persistentvolumeclaim', 'storage'],
    ['volume', 'storage'],
  ];
  const text = message.toLowerCase();
  return reasons.find(([mark]) => text.includes(mark))?.[1] ?? 'unknown';
}

const instancesOf = (waiting: readonly Waiting[]): string[] => [...new Set(waiting.map(({ pod }) => podName(pod)))];
