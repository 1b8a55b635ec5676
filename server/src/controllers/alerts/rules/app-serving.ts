/** Rules about whether an app serves: all of it, some of it, none of it. */
import type { Fix, Rule } from '../rule.ts';
import { containerSpecOf, isFinished, isReady, podName, timeOf, type Pod } from '../views/pod.ts';
import { conditionOf } from '../../runtime/condition.ts';
import type { AppView } from '../views/app.ts';
import { readLogs, rollBack } from './suggest.ts';

const notReady = ({ troubled }: AppView): string[] =>
  troubled.filter((pod) => !isReady(pod) && !isFinished(pod)).map(podName);

const restart: Fix = { code: 'restart' };

/** An instance that is not ready, and a container of it that ran. */
function witnessOf({ troubled }: AppView) {
  const pod = troubled.find((one) => !isReady(one) && !isFinished(one));
  const container = pod?.status?.containerStatuses?.find(
    ({ ready, state, lastState }) => !ready && (state?.running ?? state?.terminated ?? lastState?.terminated),
  );
  return pod && container ? { pod: podName(pod), container: container.name } : undefined;
}

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
    const params = { app: name, wanted: String(wanted) };
    return [{ params, instances: notReady(view), fixes: [...readLogs(witnessOf(view)), ...rollBack(view), restart] }];
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
    const instances = notReady(view);
    const [pod] = instances;
    return [{ params, instances, fixes: pod ? [{ code: 'show-instance', params: { pod } }] : [] }];
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
    const witness = { pod: podName(first), container };
    const since = timeOf(conditionOf(first.status?.conditions, 'Ready')?.lastTransitionTime);
    return [
      {
        params: {
          app: name,
          pod: podName(first),
          container,
          count: String(failing.length),
          ...probeOf(first, container),
        },
        instances: failing.map(podName),
        witness,
        fixes: [{ code: 'edit-health-check', params: { container } }, ...readLogs(witness)],
        ...(since !== undefined && { since }),
      },
    ];
  },
};

/** What the health check asks for, in short. */
function probeOf(pod: Pod, container: string): Record<string, string> {
  const { httpGet, tcpSocket, exec, grpc } = containerSpecOf(pod, container)?.readinessProbe ?? {};
  if (httpGet) return { probe: `GET :${httpGet.port}${httpGet.path ?? '/'}` };
  if (tcpSocket) return { probe: `TCP :${tcpSocket.port}` };
  if (grpc) return { probe: `gRPC :${grpc.port}` };
  return exec?.command ? { probe: exec.command.join(' ').slice(0, 200) } : {};
}

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
    en: 'The update of {app} is stuck at {updated} of {wanted}: {why}',
    ko: '{app} 업데이트가 {wanted}개 중 {updated}개에서 멈춤: {why}',
  },
  words: {
    why: {
      'old-serves': { en: 'the old version still serves', ko: '이전 버전이 계속 동작 중' },
      'none-serves': { en: 'no instance is ready', ko: '준비된 인스턴스 없음' },
      first: { en: 'its first version did not become ready in time', ko: '첫 버전이 제시간에 준비되지 않음' },
    },
  },
  find(view) {
    const { name, wanted, updated, progressing } = view;
    if (!wanted || progressing?.status !== 'False' || progressing.reason !== 'ProgressDeadlineExceeded') return [];
    const why = view.previousRevision === undefined ? 'first' : view.available > 0 ? 'old-serves' : 'none-serves';
    return [{ params: { app: name, updated: String(updated), wanted: String(wanted), why }, fixes: rollBack(view) }];
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
        fixes: [{ code: 'force-delete', params: { pod: podName(first) } }],
      },
    ];
  },
};
