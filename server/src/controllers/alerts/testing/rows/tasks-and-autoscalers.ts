/** What the rules about tasks and autoscalers say of which views. */
import { active, autoscaler, failed, hourly, inactive, iso, job, minute, task, took, type Row } from '../views.ts';

export const taskRows: readonly Row[] = [
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
];
