/** Rules about whether an app serves: all of it, some of it, none of it. */
import type { Rule } from '../rule.ts';
import { isFinished, isReady, podName, timeOf, type Pod } from '../views/pod.ts';
import { conditionOf } from '../../runtime/condition.ts';
import type { AppView } from '../views/app.ts';

const notReady = ({ troubled }: AppView): string[] =>
  troubled.filter((pod) => !isReady(pod) && !isFinished(pod)).map(podName);

export const appDown: Rule<AppView> = {
  number: 1,
  name: 'AppDown',
  severity: 'critical',
  forSeconds: 30,
  keepSeconds: 60,
  role: 'consequence',
  restsAfterChange: true,
  condition: 'instances are wanted, and none is ready',
  message: {
    en: '{app} is down: 0 of {wanted} instances are ready',
    ko: '{app} 앱이 중단됨: {wanted}개 중 준비된 인스턴스 없음',
  },
  find(view) {
    const { name, wanted, available } = view;
    if (!wanted || available > 0) return [];
    return [{ params: { app: name, wanted: String(wanted) }, instances: notReady(view) }];
  },
};

export const appDegraded: Rule<AppView> = {
  number: 2,
  name: 'AppDegraded',
  severity: 'warning',
  forSeconds: 180,
  keepSeconds: 120,
  role: 'consequence',
  restsAfterChange: true,
  condition: 'some instances are ready, but fewer than wanted',
  message: {
    en: '{app}: only {ready} of {wanted} instances are ready',
    ko: '{app}: {wanted}개 중 {ready}개만 준비됨',
  },
  find(view) {
    const { name, wanted, available } = view;
    if (!wanted || available === 0 || available >= wanted) return [];
    const params = { app: name, ready: String(available), wanted: String(wanted) };
    return [{ params, instances: notReady(view) }];
  },
};

export const instanceNotReady: Rule<AppView> = {
  number: 9,
  name: 'InstanceNotReady',
  severity: 'warning',
  forSeconds: 180,
  keepSeconds: 60,
  role: 'consequence',
  restsAfterChange: true,
  condition: 'all containers of an instance run, but it is not ready',
  message: {
    en: '{app}: {pod} runs but fails its health check',
    ko: '{app}: {pod} 실행 중이나 상태 검사 실패',
  },
  find({ name, wanted, troubled }) {
    if (!wanted) return [];
    const failing = troubled.filter((pod) => isRunning(pod) && !isReady(pod));
    const [first] = failing;
    if (!first) return [];
    const container = first.status?.containerStatuses?.find(({ ready }) => !ready)?.name ?? '';
    const since = timeOf(conditionOf(first.status?.conditions, 'Ready')?.lastTransitionTime);
    return [
      {
        params: { app: name, pod: podName(first), container, count: String(failing.length) },
        instances: failing.map(podName),
        witness: { pod: podName(first), container },
        ...(since !== undefined && { since }),
      },
    ];
  },
};

function isRunning({ status }: Pod): boolean {
  const statuses = status?.containerStatuses ?? [];
  return status?.phase === 'Running' && statuses.length > 0 && statuses.every(({ state }) => state?.running);
}

export const rolloutStuck: Rule<AppView> = {
  number: 12,
  name: 'RolloutStuck',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 120,
  role: 'consequence',
  condition: 'an update made no progress within its deadline',
  message: {
    en: 'The update of {app} is stuck at {updated} of {wanted}; the old version still serves',
    ko: '{app} 업데이트가 {wanted}개 중 {updated}개에서 멈춤 (이전 버전 동작 중)',
  },
  find({ name, wanted, updated, progressing }) {
    if (!wanted || progressing?.status !== 'False' || progressing.reason !== 'ProgressDeadlineExceeded') return [];
    return [{ params: { app: name, updated: String(updated), wanted: String(wanted) } }];
  },
};

export const stuckDeleting: Rule<AppView> = {
  number: 11,
  name: 'StuckDeleting',
  severity: 'warning',
  forSeconds: 120,
  keepSeconds: 0,
  condition: 'an instance is still there after its grace period',
  message: { en: '{app}: {pod} will not stop', ko: '{app}: {pod} 종료되지 않음' },
  find({ name, going }) {
    // A deletion timestamp is the end of the grace period, not its beginning.
    const ends = going.map(({ metadata }) => timeOf(metadata.deletionTimestamp) ?? 0);
    const [first] = going;
    if (!first) return [];
    return [
      {
        params: { app: name, pod: podName(first), count: String(going.length) },
        instances: going.map(podName),
        since: Math.min(...ends),
      },
    ];
  },
};
