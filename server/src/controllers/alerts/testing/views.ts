/** Views for the tables of rules: an app, a machine, a task, an autoscaler, an address, a claim or a channel as each test needs it. */
import type { NotificationChannel } from '../notify/channel.ts';
import type { AddressView } from '../views/address.ts';
import { appView, type AppView, type Workload } from '../views/app.ts';
import type { AutoscalerView } from '../views/autoscaler.ts';
import type { ClaimView } from '../views/claim.ts';
import type { Exit } from '../views/exits.ts';
import type { MachineFigures, MachineView } from '../views/machine.ts';
import type { ContainerStatus, Pod } from '../views/pod.ts';
import type { QuotaView } from '../views/quota.ts';
import type { Room } from '../views/room.ts';
import type { TaskView } from '../views/task.ts';

export const now = Date.UTC(2026, 0, 2);
export const minute = 60_000;
export const gibi = 1024 ** 3;
export const iso = (ago: number) => new Date(now - ago).toISOString().replace(/\.\d+Z$/, 'Z');

export interface PodGiven {
  name?: string;
  ready?: boolean;
  phase?: string;
  status?: Partial<ContainerStatus>;
  conditions?: object[];
  deletedAgo?: number;
  resources?: object;
}

export const pod = ({
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

export const roomOf = (cpu: number, memory: number, cordoned: string[] = []): Room => ({
  machines: [{ cpu, memory }],
  free: { cpu, memory },
  cordoned,
});

export interface AppGiven {
  pods?: Pod[];
  replicas?: number;
  exits?: Exit[];
  room?: Room;
  losses?: number;
  workload?: object;
}

export const app = ({
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

export const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
export const ended = (reason: string, exitCode: number) => ({
  lastState: { terminated: { reason, exitCode, finishedAt: iso(1000) } },
});
export const exits = (count: number, reason = 'Error'): Exit[] =>
  Array.from({ length: count }, (_, i) => ({ at: now - i * 1000, exitCode: 1, reason }));
export const unschedulable = (message: string) => ({
  type: 'PodScheduled',
  status: 'False',
  reason: 'Unschedulable',
  message,
  lastTransitionTime: iso(0),
});
export const short = '0/1 nodes are available: 1 Insufficient memory.';
export const running = { state: { running: { startedAt: iso(0) } } };

export const machine = (
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
export const memory = (share: number) => ({ memory: { total: 100, available: share } });
export const disk = (share: number, hours?: number) => ({
  disk: { total: 100, available: share, ...(hours !== undefined && { secondsUntilFull: hours * 3600 }) },
});
export const pressure = (type: string) => ({
  ...machine('True', undefined),
  node: { metadata: {}, status: { conditions: [{ type, status: 'True' }] } },
});

export const job = (conditions: object[], more: object = {}) => ({
  metadata: { name: 'job', uid: 'j' },
  status: { failed: 3, conditions, ...more },
});
export const task = (jobs: object[], schedule?: object): TaskView =>
  ({ kind: 'Job', namespace: 'shop', name: 'job', jobs, failedPods: [], schedule }) as unknown as TaskView;
export const failed = (ago: number) => ({ type: 'Failed', status: 'True', lastTransitionTime: iso(ago) });
export const took = (minutes: number) =>
  job([], { startTime: iso(600 * minute), completionTime: iso((600 - minutes) * minute) });
export const active = (minutes: number) => job([], { active: 1, startTime: iso(minutes * minute) });
export const hourly = (lastAgo: number, more: object = {}) => ({
  metadata: { creationTimestamp: iso(lastAgo) },
  spec: { schedule: '0 * * * *', ...more },
  status: { lastScheduleTime: iso(lastAgo) },
});

export const autoscaler = (current: number, load: number, most = 5, conditions: object[] = []): AutoscalerView =>
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
export const inactive = (reason: string) => [
  { type: 'ScalingActive', status: 'False', reason, message: 'missing request for cpu' },
];

export const address = (more: Partial<AddressView>, spec: object = { selector: { app: 'web' } }): AddressView =>
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

export const claim = (phase: string, more: Partial<ClaimView> = {}, storageClassName = 'fast'): ClaimView =>
  ({
    claim: { metadata: { name: 'data' }, spec: { storageClassName }, status: { phase } },
    storageClass: { metadata: {} },
    volumePhase: undefined,
    apps: [],
    ...more,
  }) as ClaimView;
export const late = { volumeBindingMode: 'WaitForFirstConsumer', metadata: {} };

export const channel = (status: object, paused = false): NotificationChannel =>
  ({ metadata: { name: 'ops' }, spec: { url: 'https://x', paused }, status }) as unknown as NotificationChannel;

export const quota = (used: string, refused: string[] = []): QuotaView => ({
  quota: {
    metadata: { name: 'team', namespace: 'shop' },
    status: { hard: { pods: '10', 'requests.memory': '1Gi' }, used: { pods: '2', 'requests.memory': used } },
  },
  refused,
});

/** What a rule says of a view: the severity it finds, `unknown`, or undefined for nothing. */
export type Row = readonly [rule: string, what: string, view: unknown, found: string | undefined];
