/** From what the metrics ask for to what is done now: not at once, not too fast, within the bounds. Pure. */
// Like normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors of pkg/controller/podautoscaler.
import type { HorizontalPodAutoscaler, Judgement, ScalingRules } from './autoscaler.ts';
import type { Change, ScalingMemory } from './scaling-memory.ts';

export interface Wish {
  current: number;
  /** What the metrics ask for. */
  desired: number;
  now: number;
}

export interface Normalized {
  replicas: number;
  able: Judgement;
  limited: Judgement;
}

/** How long scaling down waits where a behavior does not say. */
const usualDownWindow = 300;

type Bounded = { replicas: number; reason: string; message: string };

const ready: Judgement = {
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
};
const downStabilized: Judgement = {
  status: 'True',
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const upStabilized: Judgement = {
  status: 'True',
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const withinRange = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const tooMany = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const tooFew = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const upLimit = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const downLimit = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};

/** Remembers the wish. */
export function normalize({ spec }: HorizontalPodAutoscaler, wish: Wish, memory: ScalingMemory): Normalized {
  const stabilized = spec.behavior ? stabilizedBy(spec.behavior, wish, memory) : stabilizedAsUsual(wish, memory);
  memory.recommend(wish.desired, wish.now);
  const able = stabilized === wish.desired ? ready : wasStabilized(spec.behavior !== undefined, wish);
  const wanted = { ...wish, desired: stabilized };
  const { replicas, reason, message } = spec.behavior
    ? boundedBy(spec.behavior, wanted, spec, memory)
    : boundedAsUsual(wanted, spec);
  return { replicas, able, limited: { status: replicas === stabilized ? 'False' : 'True', reason, message } };
}

const wasStabilized = (hasBehavior: boolean, { current, desired }: Wish): Judgement =>
  hasBehavior && desired >= current ? upStabilized : downStabilized;

function stabilizedAsUsual({ desired, now }: Wish, { recommendations }: ScalingMemory): number {
  const cutoff = now - usualDownWindow * 1000;
  return Math.max(desired, ...recommendations.filter(({ time }) => time >= cutoff).map(({ replicas }) => replicas));
}

type Behavior = NonNullable<HorizontalPodAutoscaler['spec']['behavior']>;

function stabilizedBy({ scaleUp, scaleDown }: Behavior, wish: Wish, { recommendations }: ScalingMemory): number {
  const { current, desired, now } = wish;
  const since = (seconds: number) =>
    recommendations.filter(({ time }) => time > now - seconds * 1000).map(({ replicas }) => replicas);
  const least = Math.min(desired, ...since(scaleUp.stabilizationWindowSeconds ?? 0));
  const most = Math.max(desired, ...since(scaleDown.stabilizationWindowSeconds ?? usualDownWindow));
  return Math.min(Math.max(current, least), most);
}

interface Bounds {
  minReplicas: number;
  maxReplicas: number;
}

// Twice as many at a time, but four in any case.
function boundedAsUsual({ current, desired }: Wish, { minReplicas, maxReplicas }: Bounds): Bounded {
  const fastest = Math.max(2 * current, 4);
  const [most, why] = maxReplicas > fastest ? [fastest, upLimit] : [maxReplicas, tooMany];
  if (desired < minReplicas) return { replicas: minReplicas, ...tooFew };
  return desired > most ? { replicas: most, ...why } : { replicas: desired, ...withinRange };
}

function boundedBy(
  { scaleUp, scaleDown }: Behavior,
  { current, desired, now }: Wish,
  { minReplicas, maxReplicas }: Bounds,
  memory: ScalingMemory,
): Bounded {
  if (desired > current) {
    const fastest = Math.max(current, upMost(scaleUp, current, memory, now));
    const [most, why] = maxReplicas > fastest ? [fastest, upLimit] : [maxReplicas, tooMany];
    if (desired > most) return { replicas: most, ...why };
  } else if (desired < current) {
    const fastest = Math.min(current, downLeast(scaleDown, current, memory, now));
    const [least, why] = minReplicas < fastest ? [fastest, downLimit] : [minReplicas, tooFew];
    if (desired < least) return { replicas: least, ...why };
  }
  return { replicas: desired, ...withinRange };
}

const choose = (selectPolicy: string, most: number, least: number) => (selectPolicy === 'Min' ? least : most);

/** The most replicas that the rules for scaling up allow now. */
function upMost({ selectPolicy, policies }: ScalingRules, current: number, memory: ScalingMemory, now: number): number {
  if (selectPolicy === 'Disabled') return current;
  const allowed = policies.map(({ type, value, periodSeconds }) => {
    const start = replicasAtStart(current, memory, now, periodSeconds);
    // Rounded up, or a few pods would never become more.
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return choose(selectPolicy, Math.max(...allowed), Math.min(...allowed));
}

/** The fewest replicas that the rules for scaling down allow now. */
function downLeast(
  { selectPolicy, policies }: ScalingRules,
  current: number,
  memory: ScalingMemory,
  now: number,
): number {
  if (selectPolicy === 'Disabled') return current;
  const allowed = policies.map(({ type, value, periodSeconds }) => {
    const start = replicasAtStart(current, memory, now, periodSeconds);
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return choose(selectPolicy, Math.min(...allowed), Math.max(...allowed));
}

/** How many there were when the period began: what came since is taken off, what went is added. */
function replicasAtStart(current: number, { ups, downs }: ScalingMemory, now: number, periodSeconds: number): number {
  const within = (changes: readonly Change[]) =>
    changes.reduce((sum, { time, replicas }) => (time > now - periodSeconds * 1000 ? sum + replicas : sum), 0);
  return current - within(ups) + within(downs);
}
