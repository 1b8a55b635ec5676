/** Every rule that the small cluster can bring about: the condition at which it speaks, and the one next to it at which it does not. */
import { expect, test } from '@jest/globals';
import type { NotificationChannel } from '../notify/channel.ts';
import { fillIn, ruleId, type AnyRule, type Found, type Rule } from '../rule.ts';
import { sentence } from '../sentence.ts';
import { step, type AlertState } from '../state.ts';
import type { AddressView } from '../views/address.ts';
import { appView, type AppView, type Workload } from '../views/app.ts';
import type { AutoscalerView } from '../views/autoscaler.ts';
import type { ClaimView } from '../views/claim.ts';
import type { Exit } from '../views/exits.ts';
import type { MachineFigures, MachineView } from '../views/machine.ts';
import type { ContainerStatus, Pod } from '../views/pod.ts';
import type { Room } from '../views/room.ts';
import type { TaskView } from '../views/task.ts';
import { rules } from './index.ts';
import { registryOf, whyNoImage, whyNoPlace } from './starting.ts';

const now = Date.UTC(2026, 0, 2);
const minute = 60_000;
const gibi = 1024 ** 3;
const iso = (ago: number) => new Date(now - ago).toISOString().replace(/\.\d+Z$/, 'Z');

interface PodGiven {
  name?: string;
  ready?: boolean;
  phase?: string;
  status?: Partial<ContainerStatus>;
  conditions?: object[];
  deletedAgo?: number;
  resources?: object;
}

const pod = ({
  name = 'web-1',
  ready = false,
  phase = 'Running',
  status = {},
  conditions = [],
  deletedAgo,
  resources = {},
}: PodGiven = {}): Pod =>
  ({
    metadata: { name, namespace: 'shop', ...(deletedAgo !== undefined && { deletionTimestamp: iso(deletedAgo) }) },
    spec: { nodeName: 'm1', restartPolicy: 'Always', containers: [{ name: 'main', image: 'app:1', resources }] },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: iso(minute) }, ...conditions],
      containerStatuses: [{ name: 'main', ready, restartCount: 0, ...status }],
    },
  }) as unknown as Pod;

const roomOf = (cpu: number, memory: number, cordoned: string[] = []): Room => ({
  machines: [{ cpu, memory }],
  free: { cpu, memory },
  cordoned,
});

interface AppGiven {
  pods?: Pod[];
  replicas?: number;
  exits?: Exit[];
  room?: Room;
  losses?: number;
  workload?: object;
}

const app = ({
  pods = [],
  replicas = pods.length,
  exits = [],
  room = roomOf(4000, 8 * gibi),
  losses = 0,
  workload = {},
}: AppGiven): AppView =>
  appView({
    subject: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    workload: { metadata: { name: 'web' }, spec: { replicas }, ...workload } as Workload,
    pods,
    previousRevision: '1',
    losses,
    exitsOf: () => exits,
    room: () => room,
  });

const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
const ended = (reason: string, exitCode: number) => ({
  lastState: { terminated: { reason, exitCode, finishedAt: iso(1000) } },
});
const exits = (count: number, reason = 'Error'): Exit[] =>
  Array.from({ length: count }, (_, i) => ({ at: now - i * 1000, exitCode: 1, reason }));
const unschedulable = (message: string) => ({
  type: 'PodScheduled',
  status: 'False',
  reason: 'Unschedulable',
  message,
  lastTransitionTime: iso(0),
});
const short = '0/1 nodes are available: 1 Insufficient memory.';
const running = { state: { running: { startedAt: iso(0) } } };

const machine = (
  ready: 'True' | 'False' | 'Unknown',
  figures: Partial<MachineFigures> | undefined,
  more: object = {},
): MachineView => ({
  name: 'm1',
  node: {
    metadata: { name: 'm1' },
    status: {
      capacity: { cpu: '4' },
      conditions: [{ type: 'Ready', status: ready, lastTransitionTime: iso(0), ...more }],
    },
  },
  figures: figures && { at: now, ...figures },
  apps: 2,
  isDrained: false,
  losses: 0,
});
const memory = (share: number) => ({ memory: { total: 100, available: share } });
const disk = (share: number, hours?: number) => ({
  disk: { total: 100, available: share, ...(hours !== undefined && { secondsUntilFull: hours * 3600 }) },
});
const pressure = (type: string) => ({
  ...machine('True', undefined),
  node: { metadata: {}, status: { conditions: [{ type, status: 'True' }] } },
});

const job = (conditions: object[], more: object = {}) => ({
  metadata: { name: 'job', uid: 'j' },
  status: { failed: 3, conditions, ...more },
});
const task = (jobs: object[], schedule?: object): TaskView =>
  ({ kind: 'Job', namespace: 'shop', name: 'job', jobs, failedPods: [], schedule }) as unknown as TaskView;
const failed = (ago: number) => ({ type: 'Failed', status: 'True', lastTransitionTime: iso(ago) });
const took = (minutes: number) =>
  job([], { startTime: iso(600 * minute), completionTime: iso((600 - minutes) * minute) });
const active = (minutes: number) => job([], { active: 1, startTime: iso(minutes * minute) });
const hourly = (lastAgo: number, more: object = {}) => ({
  metadata: { creationTimestamp: iso(lastAgo) },
  spec: { schedule: '0 * * * *', ...more },
  status: { lastScheduleTime: iso(lastAgo) },
});

const autoscaler = (current: number, load: number, most = 5, conditions: object[] = []): AutoscalerView =>
  ({
    metadata: { name: 'web' },
    spec: {
      minReplicas: 1,
      maxReplicas: most,
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 50 } } }],
    },
    status: {
      currentReplicas: current,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: load } } }],
      conditions,
    },
  }) as unknown as AutoscalerView;
const inactive = (reason: string) => [
  { type: 'ScalingActive', status: 'False', reason, message: 'missing request for cpu' },
];

const address = (more: Partial<AddressView>, spec: object = { selector: { app: 'web' } }): AddressView =>
  ({
    service: { metadata: { name: 'web' }, spec },
    targets: 0,
    ready: 0,
    apps: [{ kind: 'Deployment', namespace: 'shop', name: 'web' }],
    wanted: 1,
    isDeserted: false,
    alternative: undefined,
    ...more,
  }) as AddressView;

const claim = (phase: string, more: Partial<ClaimView> = {}, storageClassName = 'fast'): ClaimView =>
  ({
    claim: { metadata: { name: 'data' }, spec: { storageClassName }, status: { phase } },
    storageClass: { metadata: {} },
    volumePhase: undefined,
    apps: [],
    ...more,
  }) as ClaimView;
const late = { volumeBindingMode: 'WaitForFirstConsumer', metadata: {} };

const channel = (status: object, paused = false): NotificationChannel =>
  ({ metadata: { name: 'ops' }, spec: { url: 'https://x', paused }, status }) as unknown as NotificationChannel;

type Row = [rule: string, what: string, view: unknown, found: string | undefined];

const rows: Row[] = [
  ['AppDown', 'none of two is ready', app({ pods: [pod(), pod({ name: 'web-2' })] }), 'critical'],
  ['AppDown', 'one of two is ready', app({ pods: [pod({ ready: true }), pod()] }), undefined],
  ['AppDown', 'scaled to nothing', app({ pods: [], replicas: 0 }), undefined],
  ['AppDegraded', 'one of two is ready', app({ pods: [pod({ ready: true }), pod()] }), 'warning'],
  ['AppDegraded', 'none is ready', app({ pods: [pod()] }), undefined],
  [
    'CrashLooping',
    'the only instance backs off',
    app({ pods: [pod({ status: waiting('CrashLoopBackOff') })] }),
    'critical',
  ],
  [
    'CrashLooping',
    'one of two backs off',
    app({ pods: [pod({ status: waiting('CrashLoopBackOff') }), pod({ ready: true })] }),
    'warning',
  ],
  [
    'CrashLooping',
    'three ends in 10 minutes',
    app({ pods: [pod({ status: { ...running, ...ended('Error', 1) } })], exits: exits(3) }),
    'critical',
  ],
  [
    'CrashLooping',
    'two ends in 10 minutes',
    app({ pods: [pod({ status: { ...running, ...ended('Error', 1) } })], exits: exits(2) }),
    undefined,
  ],
  [
    'CrashLooping',
    'memory is the reason',
    app({ pods: [pod({ status: { ...waiting('CrashLoopBackOff'), ...ended('OOMKilled', 137) } })] }),
    undefined,
  ],
  [
    'OutOfMemoryKilled',
    'once',
    app({ pods: [pod({ status: ended('OOMKilled', 137) })], exits: exits(1, 'OOMKilled') }),
    'warning',
  ],
  [
    'OutOfMemoryKilled',
    'three times',
    app({ pods: [pod({ status: ended('OOMKilled', 137) })], exits: exits(3, 'OOMKilled') }),
    'critical',
  ],
  ['OutOfMemoryKilled', 'long ago', app({ pods: [pod({ status: ended('OOMKilled', 137) })] }), undefined],
  ['ImagePullFailed', 'no instance is ready', app({ pods: [pod({ status: waiting('ErrImagePull') })] }), 'critical'],
  [
    'ImagePullFailed',
    'another is ready',
    app({ pods: [pod({ status: waiting('ImagePullBackOff') }), pod({ ready: true })] }),
    'warning',
  ],
  ['ImagePullFailed', 'an impossible name', app({ pods: [pod({ status: waiting('InvalidImageName') })] }), 'critical'],
  ['ImagePullFailed', 'creating', app({ pods: [pod({ status: waiting('ContainerCreating') })] }), undefined],
  [
    'ContainerConfigError',
    'something is missing',
    app({ pods: [pod({ status: waiting('CreateContainerConfigError', 'secret "x" not found') })] }),
    'warning',
  ],
  ['ContainerConfigError', 'creating', app({ pods: [pod({ status: waiting('ContainerCreating') })] }), undefined],
  [
    'CannotPlace',
    'memory is short',
    app({ pods: [pod({ phase: 'Pending', conditions: [unschedulable(short)] })] }),
    'warning',
  ],
  [
    'CannotPlace',
    'all machines are cordoned',
    app({
      pods: [
        pod({
          phase: 'Pending',
          conditions: [unschedulable('0/2 nodes are available: 2 node(s) were unschedulable. no new claims')],
        }),
      ],
      room: roomOf(0, 0, ['m1', 'm2']),
    }),
    'info',
  ],
  [
    'CannotPlace',
    'one of two is cordoned',
    app({
      pods: [
        pod({
          phase: 'Pending',
          conditions: [unschedulable('0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.')],
        }),
      ],
    }),
    'warning',
  ],
  ['CannotPlace', 'placed', app({ pods: [pod()] }), undefined],
  ['InstanceNotReady', 'it runs and is not ready', app({ pods: [pod({ status: running })] }), 'warning'],
  ['InstanceNotReady', 'it does not run', app({ pods: [pod({ status: waiting('CrashLoopBackOff') })] }), undefined],
  [
    'StuckStarting',
    'its container is not made',
    app({ pods: [pod({ phase: 'Pending', status: waiting('ContainerCreating') })] }),
    'warning',
  ],
  ['StuckStarting', 'it runs', app({ pods: [pod({ status: running })] }), undefined],
  ['StuckDeleting', 'its grace is over', app({ pods: [pod({ deletedAgo: 0 })] }), 'warning'],
  [
    'RolloutStuck',
    'the deadline passed',
    app({
      pods: [pod()],
      workload: {
        status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
      },
    }),
    'warning',
  ],
  [
    'RolloutStuck',
    'it progresses',
    app({ pods: [pod()], workload: { status: { conditions: [{ type: 'Progressing', status: 'True' }] } } }),
    undefined,
  ],
  ['Flapping', 'four times away', app({ pods: [pod({ ready: true })], losses: 4 }), 'warning'],
  ['Flapping', 'three times away', app({ pods: [pod({ ready: true })], losses: 3 }), undefined],
  ['TaskFailed', 'it gave up', task([job([failed(0)])]), 'warning'],
  ['TaskFailed', 'more than a day ago', task([job([failed(24 * 60 * minute + 1000)])]), undefined],
  [
    'TaskFailed',
    'a later run succeeded',
    task([job([failed(2 * minute)]), job([{ type: 'Complete', status: 'True', lastTransitionTime: iso(minute) }])]),
    undefined,
  ],
  ['TaskTooLong', 'more than three times the median', task([took(10), took(10), took(10), active(31)]), 'info'],
  ['TaskTooLong', 'three times the median', task([took(10), took(10), took(10), active(30)]), undefined],
  ['TaskTooLong', 'more than 12 hours, nothing to compare with', task([active(12 * 60 + 1)]), 'info'],
  ['ScheduleMissed', 'two runs were missed', task([], hourly(3 * 60 * minute)), 'warning'],
  ['ScheduleMissed', 'one run was missed', task([], hourly(90 * minute)), undefined],
  ['ScheduleMissed', 'suspended on purpose', task([], hourly(30 * 60 * minute, { suspend: true })), undefined],
  ['AutoscaleAtMax', 'at the most, and busy', autoscaler(5, 60), 'warning'],
  ['AutoscaleAtMax', 'at the most, and not busy', autoscaler(5, 50), undefined],
  ['AutoscaleAtMax', 'below the most', autoscaler(4, 90), undefined],
  ['AutoscaleAtMax', 'one size only', autoscaler(1, 90, 1), undefined],
  ['AutoscaleBlind', 'no metric', autoscaler(1, 0, 5, inactive('FailedGetResourceMetric')), 'warning'],
  ['AutoscaleBlind', 'switched off', autoscaler(0, 0, 5, inactive('ScalingDisabled')), undefined],
  ['MachineOffline', 'not heard of', machine('Unknown', undefined), 'critical'],
  ['MachineOffline', 'not heard of after a drain', { ...machine('Unknown', undefined), isDrained: true }, 'info'],
  ['MachineOffline', 'heard of', machine('True', undefined), undefined],
  ['MachineFlapping', 'lost twice', { ...machine('True', undefined), losses: 2 }, 'warning'],
  ['MachineFlapping', 'lost once', { ...machine('True', undefined), losses: 1 }, undefined],
  [
    'EngineDown',
    'the engine is down',
    machine('False', undefined, { message: 'container runtime is down' }),
    'critical',
  ],
  ['EngineDown', 'something else', machine('False', undefined, { message: 'network is not ready' }), undefined],
  ['MachineCpuHigh', 'more than 90 %', machine('True', { cpu: { cores: 3.7 } }), 'info'],
  ['MachineCpuHigh', '90 %', machine('True', { cpu: { cores: 3.6 } }), undefined],
  ['MachineCpuHigh', 'not measured', machine('True', undefined), 'unknown'],
  ['MachineMemoryHigh/warning', 'less than 10 %', machine('True', memory(9)), 'warning'],
  ['MachineMemoryHigh/warning', '10 %', machine('True', memory(10)), undefined],
  [
    'MachineMemoryHigh/warning',
    'measured too long ago',
    machine('True', { ...memory(9), at: now - 91_000 }),
    'unknown',
  ],
  ['MachineMemoryHigh/warning', 'the agent says so', pressure('MemoryPressure'), 'warning'],
  ['MachineMemoryHigh/critical', 'less than 3 %', machine('True', memory(2)), 'critical'],
  ['MachineMemoryHigh/critical', '3 %', machine('True', memory(3)), undefined],
  ['DiskFilling/warning', 'less than 15 %, full within a day', machine('True', disk(14, 23)), 'warning'],
  ['DiskFilling/warning', 'less than 15 %, full in two days', machine('True', disk(14, 48)), undefined],
  ['DiskFilling/warning', 'less than 15 %, not filling', machine('True', disk(14)), undefined],
  ['DiskFilling/warning', 'the agent says so', pressure('DiskPressure'), 'warning'],
  ['DiskFilling/critical', 'less than 5 %', machine('True', disk(4)), 'critical'],
  ['DiskFilling/critical', '5 %', machine('True', disk(5)), undefined],
  ['MetricsMissing', 'measured 91 s ago', machine('True', { at: now - 91_000 }), 'warning'],
  ['MetricsMissing', 'measured 90 s ago', machine('True', { at: now - 90_000 }), undefined],
  ['MetricsMissing', 'never measured', machine('True', undefined), undefined],
  ['MetricsMissing', 'not heard of', machine('Unknown', { at: now - 91_000 }), undefined],
  ['StoragePending', 'it waits', claim('Pending'), 'warning'],
  ['StoragePending', 'it is to wait', claim('Pending', { storageClass: late }), undefined],
  ['StoragePending', 'bound', claim('Bound'), undefined],
  ['StoragePending', 'its volume failed', claim('Bound', { volumePhase: 'Failed' }), 'warning'],
  ['AddressHasNoTarget', 'none is ready', address({}), 'warning'],
  ['AddressHasNoTarget', 'one is reached', address({ targets: 1 }), undefined],
  ['AddressHasNoTarget', 'its app is stopped', address({ wanted: 0 }), undefined],
  ['AddressHasNoTarget', 'it selects nothing', address({ apps: [], wanted: 0 }), 'warning'],
  ['AddressHasNoTarget', 'its app was removed', address({ apps: [], wanted: 0, isDeserted: true }), 'info'],
  ['AddressHasNoTarget', 'somebody else keeps its endpoints', address({}, {}), undefined],
  ['NotifyFailed', 'the last message was given up', channel({ error: 'no', failedAt: iso(0) }), 'warning'],
  ['NotifyFailed', 'it works', channel({ deliveredAt: iso(0) }), undefined],
  ['NotifyFailed', 'paused', channel({ error: 'no' }, true), undefined],
];

const byId = new Map(rules.map((rule) => [ruleId(rule), rule]));
const find = (id: string, view: unknown): Found => (byId.get(id) as Rule<unknown>).find(view, now);

test.each(rows)('%s: %s', (id, _what, view, expected) => {
  const found = find(id, view);
  const rule = byId.get(id)!;
  if (found === 'unknown') return expect('unknown').toBe(expected);
  expect(found.map(({ severity }) => severity ?? rule.severity)[0]).toBe(expected);
  for (const { params } of found)
    for (const language of ['en', 'ko'] as const) expect(sentence(rule, params, language)).not.toMatch(/[{}]/);
});

test('every rule but the watchdog stands in the table, as something that happens', () => {
  const shown = new Set(rows.filter(([, , , found]) => found && found !== 'unknown').map(([id]) => id));
  expect([...byId.keys()].filter((id) => !shown.has(id))).toEqual(['Watchdog']);
});

test.each(rules.map((rule): [string, AnyRule] => [ruleId(rule), rule]))(
  '%s fires when its time has passed, is kept open for its time, and then is over',
  (_id, rule) => {
    const at = (seconds: number, finding: object | undefined, state?: AlertState) =>
      step(state, { rule, now: seconds * 1000, finding: finding && { params: {} } });
    let state = at(0, {});
    if (rule.forSeconds > 0) {
      expect(at(rule.forSeconds - 1, {}, state)?.phase).toBe('pending');
      state = at(rule.forSeconds, {}, state);
    }
    expect(state?.phase).toBe('firing');
    const gone = rule.forSeconds + 10;
    state = at(gone, undefined, state);
    if (rule.keepSeconds > 0) {
      expect(state?.phase).toBe('recovering');
      expect(at(gone + rule.keepSeconds - 1, undefined, state)?.phase).toBe('recovering');
      state = at(gone + rule.keepSeconds, undefined, state);
    }
    expect(state?.phase).toBe('resolved');
  },
);

test('both languages fill in the same params', () => {
  const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const { message } of rules) expect(params(message.ko)).toEqual(params(message.en));
  expect(fillIn('{a} {b}', { a: '1' })).toBe('1 {b}');
});

test.each([
  ['ErrImagePull', 'manifest unknown', 'not-found'],
  ['ErrImagePull', 'pull access denied for x', 'needs-login'],
  ['ErrImagePull', 'toomanyrequests: You have reached your pull rate limit', 'rate-limit'],
  ['ErrImagePull', 'dial tcp: lookup r.example: no such host', 'no-network'],
  ['ErrImagePull', 'write /x: no space left on device', 'disk-full'],
  ['InvalidImageName', '', 'bad-name'],
  ['ErrImagePull', 'odd', 'unknown'],
])('%s, %s: %s', (reason, message, why) => expect(whyNoImage(reason, message)).toBe(why));

test.each([
  ['0/1 nodes are available: 1 node(s) were unschedulable. preemption: none', 0, 'cordoned'],
  ['0/2 nodes are available: 1 node(s) were unschedulable, 1 Insufficient cpu.', 1, 'cpu'],
  ['no nodes available to schedule pods', 0, 'no-machine'],
  ["0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.", 1, 'port'],
])('%s: %s', (message, machines, why) => expect(whyNoPlace(message, machines)).toBe(why));

test.each([
  ['nginx', 'docker.io'],
  ['library/nginx:1', 'docker.io'],
  ['registry.example:5000/a/b', 'registry.example:5000'],
  ['localhost/a', 'localhost'],
])('the registry of %s is %s', (image, registry) => expect(registryOf(image)).toBe(registry));

test('less to reserve is what fits, with some left for others', () => {
  const big = pod({
    phase: 'Pending',
    conditions: [unschedulable(short)],
    resources: { requests: { memory: '100Gi', cpu: '1' } },
  });
  const found = find('CannotPlace', app({ pods: [big], room: roomOf(4000, 10 * gibi) }));
  expect(found !== 'unknown' && found[0]?.fixes).toEqual([
    { code: 'lower-reservation', params: { container: 'main', memory: '9216Mi' } },
    { code: 'add-machine' },
  ]);
});

test('a limit is not raised beyond what a machine has', () => {
  const killed = pod({
    status: ended('OOMKilled', 137),
    resources: { limits: { memory: '8Gi' }, requests: { memory: '8Gi' } },
  });
  const codes = (free: number) => {
    const found = find(
      'OutOfMemoryKilled',
      app({ pods: [killed], exits: exits(1, 'OOMKilled'), room: roomOf(4000, free) }),
    );
    return found !== 'unknown' && found[0]?.fixes?.map(({ code }) => code);
  };
  expect(codes(16 * gibi)).toEqual(['raise-memory-limit', 'show-logs']);
  expect(codes(11 * gibi)).toEqual(['show-logs']);
});
