/** Rules about containers that end when they should run. */
import { parseQuantity, quantityValue } from '@naru/api/quantity';
import type { Finding, Fix, Rule } from '../rule.ts';
import { isOutOfMemory, type Exit } from '../views/exits.ts';
import { containerSpecOf, podName, statusesOf, type ContainerStatus, type Pod } from '../views/pod.ts';
import { fits, memoryText, reservedBy } from '../views/room.ts';
import type { AppView } from '../views/app.ts';
import { readLogs, rollBack } from './suggest.ts';

interface Ended {
  readonly pod: Pod;
  readonly status: ContainerStatus;
  readonly exits: readonly Exit[];
}

/** Containers with at least one end, by the container's name. */
function endedContainers(view: AppView): Map<string, Ended[]> {
  const byName = new Map<string, Ended[]>();
  for (const pod of view.troubled) {
    for (const status of statusesOf(pod)) {
      const exits = view.exitsOf(pod, status.name);
      const isBackingOff = status.state?.waiting?.reason === 'CrashLoopBackOff';
      if (exits.length === 0 && !isBackingOff) continue;
      byName.set(status.name, [...(byName.get(status.name) ?? []), { pod, status, exits }]);
    }
  }
  return byName;
}

const lastTermination = ({ state, lastState }: ContainerStatus) => state?.terminated ?? lastState?.terminated;

const isMemory = ({ status }: Ended) => lastTermination(status)?.reason === 'OOMKilled';

const isCrashLooping = ({ status, exits }: Ended): boolean =>
  status.state?.waiting?.reason === 'CrashLoopBackOff' || exits.length >= 3;

export const crashLooping: Rule<AppView> = {
  number: 3,
  name: 'CrashLooping',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 600,
  role: 'cause',
  endsWithInstances: true,
  condition: 'a container waits to be started again (CrashLoopBackOff), or ended 3 times in 10 minutes',
  message: {
    en: '{app} keeps crashing: {container} exited with code {code}, {restarts} restarts',
    ko: '{app} 앱이 반복 종료됨: {container} 종료 코드 {code}, 재시작 {restarts}회',
  },
  find(view) {
    return [...endedContainers(view)].flatMap(([container, ended]): Finding[] => {
      const looping = ended.filter((one) => isCrashLooping(one) && !isMemory(one));
      const [first] = looping;
      if (!first) return [];
      const { exitCode, reason = '' } = lastTermination(first.status) ?? {};
      const witness = witnessOf(first, container);
      return [
        {
          ...(looping.length >= view.size && { severity: 'critical' }),
          container,
          params: {
            app: view.name,
            container,
            code: exitCode === undefined ? '?' : String(exitCode),
            reason,
            restarts: String(looping.reduce((sum, { status }) => sum + (status.restartCount ?? 0), 0)),
          },
          instances: looping.map(({ pod }) => podName(pod)),
          witness,
          fixes: [...readLogs(witness), ...rollBack(view)],
        },
      ];
    });
  },
};

export const outOfMemoryKilled: Rule<AppView> = {
  number: 4,
  name: 'OutOfMemoryKilled',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 600,
  role: 'cause',
  endsWithInstances: true,
  condition: 'a container was ended for lack of memory within 10 minutes; critical after 3 times',
  message: {
    en: '{app} ran out of memory (limit {limit})',
    ko: '{app} 메모리 부족으로 종료됨 (한도 {limit})',
  },
  find(view) {
    return [...endedContainers(view)].flatMap(([container, ended]): Finding[] => {
      const killed = ended.filter((one) => one.exits.some(isOutOfMemory) || (isMemory(one) && isCrashLooping(one)));
      const [first] = killed;
      if (!first) return [];
      const times = Math.max(...killed.map(({ exits }) => exits.filter(isOutOfMemory).length));
      const resources = containerSpecOf(first.pod, container)?.resources;
      const limit = resources?.limits?.['memory'];
      const witness = witnessOf(first, container);
      return [
        {
          ...(times >= 3 && { severity: 'critical' }),
          container,
          params: { app: view.name, container, times: String(times), ...(limit !== undefined && { limit }) },
          instances: killed.map(({ pod }) => podName(pod)),
          witness,
          fixes: [...raiseLimit(view, first.pod, container), ...readLogs(witness)],
        },
      ];
    });
  },
};

/** The run that ended: the one before, unless nothing runs since. */
const witnessOf = ({ pod, status }: Ended, container: string) => ({
  pod: podName(pod),
  container,
  previous: !status.state?.terminated,
});

/**
 * Half as much again: what was really needed is not known, only that it was more. None when no machine has the room:
 * a reservation that is not given, or not less than the limit, grows with it.
 */
function raiseLimit(view: AppView, pod: Pod, container: string): Fix[] {
  const { limits, requests } = containerSpecOf(pod, container)?.resources ?? {};
  const limit = limits?.['memory'];
  if (limit === undefined) return [];
  const bytes = quantityValue(parseQuantity(limit));
  const suggested = memoryText(bytes * 1.5);
  const request = requests?.['memory'];
  const grows = request === undefined || quantityValue(parseQuantity(request)) >= bytes;
  const { cpu, memory } = reservedBy(pod);
  const needed = { cpu, memory: memory + (grows ? quantityValue(parseQuantity(suggested)) - bytes : 0) };
  return fits(view.room(), needed) ? [{ code: 'raise-memory-limit', params: { container, limit: suggested } }] : [];
}
