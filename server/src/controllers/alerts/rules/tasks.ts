/** Rules about tasks. */
import type { Rule } from '../rule.ts';
import { lastEnd, type TaskView } from '../views/task.ts';

const remembered = 24 * 60 * 60_000;

export const taskFailed: Rule<TaskView> = {
  number: 14,
  name: 'TaskFailed',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 0,
  condition: 'a task gave up; until it succeeds, or for 24 hours',
  message: {
    en: 'Task {task} failed after {tries} tries',
    ko: '작업 {task} {tries}회 시도 후 실패',
  },
  find(view, now) {
    const end = lastEnd(view);
    if (!end?.failed || now - end.at > remembered) return [];
    const { job, failed } = end;
    return [
      {
        params: {
          task: view.name,
          job: job.metadata.name ?? '',
          tries: String(job.status?.failed ?? 0),
          reason: failed.reason ?? '',
          detail: (failed.message ?? '').slice(0, 1024),
        },
        since: end.at,
      },
    ];
  },
};
