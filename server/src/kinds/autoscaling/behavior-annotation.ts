/** How autoscaling/v1 carries a behavior: the JSON of upstream's internal struct, whose fields have their Go names. */
import { decodeObject } from '@naru/api/decode/decode-object';
import type { AutoscalerSpec, ScalingRules } from './autoscaler-fields.ts';

type Behavior = NonNullable<AutoscalerSpec['behavior']>;

export const behaviorText = ({ scaleUp, scaleDown }: Behavior): string =>
  JSON.stringify({ ScaleUp: rulesStruct(scaleUp), ScaleDown: rulesStruct(scaleDown) });

function rulesStruct(rules: ScalingRules | undefined): unknown {
  if (!rules) return null;
  return {
    StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
    SelectPolicy: rules.selectPolicy ?? null,
    Policies:
      rules.policies?.map(({ type = '', value = 0, periodSeconds = 0 }) => ({
        Type: type,
        Value: value,
        PeriodSeconds: periodSeconds,
      })) ?? null,
    Tolerance: rules.tolerance ?? null,
  };
}

/** Undefined when the text holds no behavior. */
export function behaviorFromText(text: string | undefined): Behavior | undefined {
  if (text === undefined) return undefined;
  try {
    const renamed = withJsonNames(JSON.parse(text));
    const { object } = decodeObject(renamed, 'k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerBehavior');
    return Object.keys(object).length ? (object as Behavior) : undefined;
  } catch {
    return undefined; // Upstream takes only what is well-formed.
  }
}

const jsonNames = [
  'scaleUp',
  'scaleDown',
  'stabilizationWindowSeconds',
  'selectPolicy',
  'policies',
  'tolerance',
  'type',
  'value',
  'periodSeconds',
];
const byLowerCase = new Map(jsonNames.map((name) => [name.toLowerCase(), name]));

// Go reads field names in any case.
function withJsonNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withJsonNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [byLowerCase.get(name.toLowerCase()) ?? name, withJsonNames(field)]),
  );
}
