/** The rule about instances that do not get as far as starting. */
import { conditionOf } from '../../runtime/condition.ts';
import type { Rule } from '../rule.ts';
import type { AppView } from '../views/app.ts';
import { podName, statusesOf, type Pod } from '../views/pod.ts';

const waits = new Set(['ContainerCreating', 'PodInitializing']);

export const stuckStarting: Rule<AppView> = {
  number: 10,
  name: 'StuckStarting',
  severity: 'warning',
  forSeconds: 180,
  keepSeconds: 0,
  role: 'consequence',
  unlessPulling: true,
  condition: 'an instance has a machine, but its containers are not made, and no image is being downloaded',
  message: { en: '{app}: {pod} has been starting since {since}', ko: '{app}: {pod} 시작이 끝나지 않음({since}부터)' },
  find({ name, troubled }) {
    const stuck = troubled.filter(isStuck);
    const [first] = stuck;
    if (!first) return [];
    const scheduled = conditionOf(first.status?.conditions, 'PodScheduled')?.lastTransitionTime;
    return [
      {
        params: { app: name, pod: podName(first), since: scheduled ?? '', count: String(stuck.length) },
        instances: stuck.map(podName),
        witness: { pod: podName(first) },
        fixes: [{ code: 'show-instance', params: { pod: podName(first) } }],
      },
    ];
  },
};

/** A container of its own that waits for one before it is not stuck: that one runs. */
function isStuck(pod: Pod): boolean {
  const statuses = statusesOf(pod);
  return (
    Boolean(pod.spec.nodeName) &&
    pod.status?.phase === 'Pending' &&
    !statuses.some(({ state }) => state?.running) &&
    statuses.some(({ state }) => waits.has(state?.waiting?.reason ?? ''))
  );
}
