/** Conditions of a status: finding one and setting one, in upstream's order. */

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
  observedGeneration?: number;
}

export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

export const withoutCondition = (conditions: readonly Condition[] | undefined, type: string): Condition[] =>
  (conditions ?? []).filter((condition) => condition.type !== type);

/**
 * The conditions with `condition` set. Same status and reason: nothing changes, not even the message; otherwise it moves to
 * the end and keeps its transition time while the status stays.
 */
// Like deploymentutil.SetDeploymentCondition and replicaset.SetCondition.
export function withCondition(conditions: readonly Condition[] | undefined, condition: Condition): Condition[] {
  const current = conditionOf(conditions, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return [...(conditions ?? [])];
  const kept = current?.status === condition.status ? current.lastTransitionTime : undefined;
  return [
    ...withoutCondition(conditions, condition.type),
    { ...condition, ...(kept !== undefined && { lastTransitionTime: kept }) },
  ];
}
