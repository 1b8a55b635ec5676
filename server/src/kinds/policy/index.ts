/** The kinds of policy, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';

export const policy: readonly Kind[] = [podDisruptionBudget];
