/** Rules about machines. */
import { timestamp } from '../../runtime/timestamp.ts';
import type { Fix, Found, Rule } from '../rule.ts';
import { figuresAt, nodeCondition, type MachineView } from '../views/machine.ts';
import { timeOf } from '../views/pod.ts';
import { amountOf, memoryText } from '../views/room.ts';

export const machineOffline: Rule<MachineView> = {
  number: 23,
  name: 'MachineOffline',
  severity: 'critical',
  forSeconds: 20,
  keepSeconds: 60,
  role: 'cause',
  condition: 'the agent of a machine has not been heard of for 40 s',
  message: {
    en: '{machine} does not answer since {since}; {apps} apps affected',
    ko: '{machine} 응답 없음({since}부터), 앱 {apps}개 영향',
  },
  find(view) {
    const ready = nodeCondition(view, 'Ready');
    if (ready?.status !== 'Unknown') return [];
    const since = timeOf(ready.lastTransitionTime);
    return [
      {
        // Drained first: somebody wanted it so.
        ...(view.isDrained && { severity: 'info' }),
        params: { machine: view.name, since: ready.lastTransitionTime ?? '', apps: String(view.apps) },
        fixes: lookAtMachine(view),
        ...(since !== undefined && { since }),
      },
    ];
  },
};

const lookAtMachine = ({ name }: MachineView): Fix[] => [{ code: 'show-machine', params: { machine: name } }];

export const engineDown: Rule<MachineView> = {
  number: 25,
  name: 'EngineDown',
  severity: 'critical',
  forSeconds: 20,
  keepSeconds: 30,
  role: 'cause',
  condition: 'the agent of a machine answers, but its container engine does not',
  message: { en: 'Docker on {machine} is not responding: {error}', ko: '{machine}의 Docker 응답 없음: {error}' },
  find(view) {
    const ready = nodeCondition(view, 'Ready');
    if (ready?.status !== 'False' || !ready.message?.includes('container runtime')) return [];
    const since = timeOf(ready.lastTransitionTime);
    const params = { machine: view.name, error: ready.message.slice(0, 512), apps: String(view.apps) };
    const restart: Fix = {
      code: 'restart-engine',
      params: { machine: view.name, command: 'systemctl restart docker' },
    };
    return [{ params, fixes: [restart, ...lookAtMachine(view)], ...(since !== undefined && { since }) }];
  },
};

/** The share of all cores that is much. */
const muchCpu = 0.9;

export const machineCpuHigh: Rule<MachineView> = {
  number: 26,
  name: 'MachineCpuHigh',
  severity: 'info',
  forSeconds: 600,
  keepSeconds: 300,
  condition: 'more than 90 % of the CPU is used',
  message: { en: '{machine} CPU is {used}%', ko: '{machine} CPU {used}%' },
  find(view, now) {
    const cpu = figuresAt(view, now)?.cpu;
    const cores = amountOf(view.node.status?.capacity, 'cpu') / 1000;
    if (!cpu || !cores) return 'unknown';
    const used = cpu.cores / cores;
    if (used <= muchCpu) return [];
    return [{ params: { machine: view.name, used: String(Math.round(used * 100)) }, fixes: lookAtMachine(view) }];
  },
};

export const metricsMissing: Rule<MachineView> = {
  number: 36,
  name: 'MetricsMissing',
  severity: 'warning',
  forSeconds: 30,
  keepSeconds: 0,
  role: 'consequence',
  condition: 'a machine that answers, and that was measured before, has not been measured for 90 s',
  message: { en: 'No measurements from {machine} since {since}', ko: '{machine} 측정값 없음({since}부터)' },
  find(view, now) {
    const { figures, name } = view;
    if (!figures || figuresAt(view, now) || nodeCondition(view, 'Ready')?.status !== 'True') return [];
    return [{ params: { machine: name, since: timestamp(figures.at) }, fixes: lookAtMachine(view) }];
  },
};

interface Level {
  readonly severity: 'warning' | 'critical';
  readonly forSeconds: number;
  /** Share that is left. */
  readonly below: number;
}

const memoryLevels: readonly Level[] = [
  { severity: 'warning', forSeconds: 300, below: 0.1 },
  { severity: 'critical', forSeconds: 60, below: 0.03 },
];

const memoryHigh = ({ severity, forSeconds, below }: Level): Rule<MachineView> => ({
  number: 27,
  name: 'MachineMemoryHigh',
  variant: severity,
  severity,
  forSeconds,
  keepSeconds: 120,
  condition: `less than ${below * 100} % of the memory is available${severity === 'warning' ? ', or the agent reports MemoryPressure' : ''}`,
  message: { en: '{machine} has {free} memory left', ko: '{machine} 남은 메모리 {free}' },
  find(view, now) {
    const memory = figuresAt(view, now)?.memory;
    const pressure = severity === 'warning' && nodeCondition(view, 'MemoryPressure')?.status === 'True';
    const machine = view.name;
    if (!memory)
      return pressure
        ? [{ params: { machine, free: '?', pressure: 'true' }, fixes: lookAtMachine(view) }]
        : unlessHealthy(view, 'MemoryPressure', severity);
    if (memory.available / memory.total >= below && !pressure) return [];
    const params = { machine, free: memoryText(memory.available), total: memoryText(memory.total) };
    return [{ params, fixes: lookAtMachine(view) }];
  },
});

/** The agent's own judgement is worth something where nothing is measured; without it nothing is known. */
function unlessHealthy(view: MachineView, type: string, severity: Level['severity']): Found {
  return severity === 'warning' && nodeCondition(view, type)?.status === 'False' ? [] : 'unknown';
}

const aDay = 24 * 60 * 60;

const diskFilling = ({ severity, forSeconds, below }: Level): Rule<MachineView> => ({
  number: 28,
  name: 'DiskFilling',
  variant: severity,
  severity,
  forSeconds,
  keepSeconds: 300,
  condition:
    severity === 'warning'
      ? 'less than 15 % of the disk is free and it will be full within a day, or the agent reports DiskPressure'
      : 'less than 5 % of the disk is free',
  message: {
    en: 'The disk of {machine} has {free} left (full in {hours} hours)',
    ko: '{machine} 디스크 여유 {free} ({hours}시간 후 가득 참)',
  },
  find(view, now) {
    const disk = figuresAt(view, now)?.disk;
    const pressure = severity === 'warning' && nodeCondition(view, 'DiskPressure')?.status === 'True';
    const machine = view.name;
    if (!disk)
      return pressure
        ? [{ params: { machine, free: '?', pressure: 'true' }, fixes: lookAtMachine(view) }]
        : unlessHealthy(view, 'DiskPressure', severity);
    const fills = severity === 'critical' || (disk.secondsUntilFull ?? Infinity) < aDay;
    if (!(disk.available / disk.total < below && fills) && !pressure) return [];
    const eta = disk.secondsUntilFull;
    return [
      {
        params: {
          machine,
          free: memoryText(disk.available),
          total: memoryText(disk.total),
          ...(eta !== undefined && { hours: String(Math.round(eta / 3600)) }),
        },
        fixes: lookAtMachine(view),
      },
    ];
  },
});

export const machineMemoryHigh = memoryLevels.map(memoryHigh);

export const machineDiskFilling = [
  { severity: 'warning', forSeconds: 600, below: 0.15 } as const,
  { severity: 'critical', forSeconds: 60, below: 0.05 } as const,
].map(diskFilling);
