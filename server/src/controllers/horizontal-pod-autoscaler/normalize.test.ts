/** Cases computed by hand from the documentation of stabilization windows and scaling policies. */
import { describe, expect, test } from '@jest/globals';
import type { HorizontalPodAutoscaler, ScalingPolicy, ScalingRules } from './autoscaler.ts';
import { normalize } from './normalize.ts';
import { ScalingMemory } from './scaling-memory.ts';

const start = Date.UTC(2026, 0, 2);
const at = (seconds: number) => start + seconds * 1000;

type Behavior = { scaleUp?: Partial<ScalingRules>; scaleDown?: Partial<ScalingRules> };

const percent = (value: number, periodSeconds = 15): ScalingPolicy => ({ type: 'Percent', value, periodSeconds });
const pods = (value: number, periodSeconds = 15): ScalingPolicy => ({ type: 'Pods', value, periodSeconds });

/** As it is stored: with all defaults. */
function autoscaler(behavior?: Behavior, [minReplicas, maxReplicas] = [1, 100]): HorizontalPodAutoscaler {
  return {
    metadata: { name: 'h', namespace: 'default' },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'd' },
      ...{ minReplicas, maxReplicas, metrics: [] },
      ...(behavior && {
        behavior: {
          scaleUp: {
            ...{ selectPolicy: 'Max', stabilizationWindowSeconds: 0, policies: [pods(4), percent(100)] },
            ...behavior.scaleUp,
          },
          scaleDown: { selectPolicy: 'Max', policies: [percent(100)], ...behavior.scaleDown },
        },
      }),
    },
  };
}

/** Each step: when, how many there are, how many are wished for → how many it becomes, and why. */
type Step = [seconds: number, current: number, desired: number, replicas: number, able?: string, limited?: string];

function play(given: HorizontalPodAutoscaler, steps: readonly Step[]): Step[] {
  const memory = new ScalingMemory(steps[0]?.[1] ?? 0, start);
  return steps.map(([seconds, current, desired, , able, limited]) => {
    const outcome = normalize(given, { current, desired, now: at(seconds) }, memory);
    if (outcome.replicas !== current) memory.scaled(current, outcome.replicas, at(seconds));
    const seen: Step = [seconds, current, desired, outcome.replicas];
    if (able !== undefined) seen.push(outcome.able.reason);
    if (limited !== undefined) seen.push(outcome.limited.reason);
    return seen;
  });
}

const plays = (title: string, given: HorizontalPodAutoscaler, steps: Step[]) =>
  test(title, () => expect(play(given, steps)).toEqual(steps));

describe('without a behavior', () => {
  // max(2 × current, 4): 1 → 4 → 8 → 16, and then what is wished for.
  plays('it grows to twice as many at a time, but four in any case', autoscaler(), [
    [15, 1, 20, 4, 'ReadyForNewScale', 'ScaleUpLimit'],
    [30, 4, 20, 8, 'ReadyForNewScale', 'ScaleUpLimit'],
    [45, 8, 20, 16, 'ReadyForNewScale', 'ScaleUpLimit'],
    [60, 16, 20, 20, 'ReadyForNewScale', 'DesiredWithinRange'],
  ]);
  // 8 were recommended at 15 s: they hold until 315 s.
  plays('it shrinks to the most that was recommended in five minutes', autoscaler(), [
    [15, 8, 8, 8],
    [30, 8, 2, 8, 'ScaleDownStabilized', 'DesiredWithinRange'],
    [300, 8, 3, 8, 'ScaleDownStabilized'],
    [315, 8, 2, 8, 'ScaleDownStabilized'],
    // Those of 300 s and 315 s remain: 3 and 2.
    [331, 8, 2, 3, 'ScaleDownStabilized'],
    [616, 3, 2, 2, 'ReadyForNewScale'],
  ]);
  plays('bounds hold', autoscaler(undefined, [2, 5]), [
    [15, 4, 9, 5, 'ReadyForNewScale', 'TooManyReplicas'],
    [200, 5, 1, 5, 'ScaleDownStabilized', 'TooManyReplicas'],
  ]);
  plays('the lower bound too', autoscaler(undefined, [2, 5]), [[400, 3, 1, 2, 'ReadyForNewScale', 'TooFewReplicas']]);
});

describe('with a behavior', () => {
  // The more of +4 pods and +100 %: 1 → 5 → 10 → 20.
  plays('the policy that allows most is taken', autoscaler({}), [
    [15, 1, 50, 5, 'ReadyForNewScale', 'ScaleUpLimit'],
    [31, 5, 50, 10, 'ReadyForNewScale', 'ScaleUpLimit'],
    [47, 10, 50, 20, 'ReadyForNewScale', 'ScaleUpLimit'],
  ]);
  // The least of +4 pods and +100 %: 1 → 2 → 4 → 8 → 12.
  plays('with Min the one that allows least', autoscaler({ scaleUp: { selectPolicy: 'Min' } }), [
    [15, 1, 50, 2],
    [31, 2, 50, 4],
    [47, 4, 50, 8],
    [63, 8, 50, 12],
  ]);
  // 2 a minute: after 10 → 12 at 15 s nothing more until 75 s; then 14.
  plays('a period counts what came within it', autoscaler({ scaleUp: { policies: [pods(2, 60)] } }), [
    [15, 10, 20, 12, 'ReadyForNewScale', 'ScaleUpLimit'],
    [30, 12, 20, 12, 'ReadyForNewScale', 'ScaleUpLimit'],
    [74, 12, 20, 12],
    [75, 12, 20, 14],
  ]);
  // 10 % of 80 a minute: 80 → 72 → 64.8, cut off 64, as the documentation has it.
  plays(
    'a tenth a minute on the way down',
    autoscaler({ scaleDown: { stabilizationWindowSeconds: 0, policies: [percent(10, 60)] } }),
    [
      [15, 80, 10, 72, 'ReadyForNewScale', 'ScaleDownLimit'],
      [30, 72, 10, 72, 'ReadyForNewScale', 'ScaleDownLimit'],
      [76, 72, 10, 64],
    ],
  );
  // 4 pods or 10 % a minute, the more of it: 80 → 72 (10 %), and of 10 → 6 (4 pods).
  plays(
    'four pods or a tenth a minute',
    autoscaler({ scaleDown: { stabilizationWindowSeconds: 0, policies: [pods(4, 60), percent(10, 60)] } }),
    [[15, 80, 1, 72]],
  );
  plays(
    'few pods go by fours',
    autoscaler({ scaleDown: { stabilizationWindowSeconds: 0, policies: [pods(4, 60), percent(10, 60)] } }),
    [[15, 10, 1, 6]],
  );
  plays(
    'Disabled changes nothing',
    autoscaler({ scaleDown: { selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 } }),
    [[15, 10, 1, 10, 'ReadyForNewScale', 'ScaleDownLimit']],
  );
  // The least that was recommended in 60 s: 2 at the start holds until 60 s.
  plays('a window on the way up', autoscaler({ scaleUp: { stabilizationWindowSeconds: 60 } }), [
    [15, 2, 5, 2, 'ScaleUpStabilized', 'DesiredWithinRange'],
    [59, 2, 6, 2, 'ScaleUpStabilized'],
    [61, 2, 6, 5, 'ScaleUpStabilized'],
  ]);
  // The most that was recommended in 30 s: 5 at 15 s holds until 45 s.
  plays('a window on the way down', autoscaler({ scaleDown: { stabilizationWindowSeconds: 30 } }), [
    [15, 5, 5, 5],
    [30, 5, 1, 5, 'ScaleDownStabilized', 'DesiredWithinRange'],
    [44, 5, 1, 5, 'ScaleDownStabilized'],
    [45, 5, 1, 1, 'ReadyForNewScale'],
  ]);
  plays('where it names no window down, five minutes hold', autoscaler({}), [
    [15, 5, 5, 5],
    [300, 5, 1, 5, 'ScaleDownStabilized'],
    [316, 5, 1, 1, 'ReadyForNewScale'],
  ]);
});
