/** Rules about machines. */
import type { Found, Rule } from '../rule.ts';
import { figuresAt, nodeCondition, type MachineView } from '../views/machine.ts';
import { timeOf } from '../views/pod.ts';
import { memoryText } from '../views/room.ts';

export const machineOffline: Rule<MachineView> = {
  number: 23,
  name: 'MachineOffline',
  severity: 'critical',
  forSeconds: 20,
  keepSeconds: 60,
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
        params: { machine: view.name, since: ready.lastTransitionTime ?? '', apps: String(view.apps) },
        ...(since !== undefined && { since }),
      },
    ];
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
        ? [{ params: { machine, free: '?', pressure: 'true' } }]
        : unlessHealthy(view, 'MemoryPressure', severity);
    if (memory.available / memory.total >= below && !pressure) return [];
    return [{ params: { machine, free: memoryText(memory.available), total: memoryText(memory.total) } }];
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
  message: { en: 'The disk of {machine} has {free} left', ko: '{machine} 디스크 여유 {free}' },
  find(view, now) {
    const disk = figuresAt(view, now)?.disk;
    const pressure = severity === 'warning' && nodeCondition(view, 'DiskPressure')?.status === 'True';
    const machine = view.name;
    if (!disk)
      return pressure
        ? [{ params: { machine, free: '?', pressure: 'true' } }]
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
      },
    ];
  },
});

export const machineMemoryHigh = memoryLevels.map(memoryHigh);

export const machineDiskFilling = [
  { severity: 'warning', forSeconds: 600, below: 0.15 } as const,
  { severity: 'critical', forSeconds: 60, below: 0.05 } as const,
].map(diskFilling);
