/** The kinds of autoscaling, the preferred version first. */
import type { Kind } from '../define-kind.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { horizontalPodAutoscalerV1 } from './horizontal-pod-autoscaler-v1.ts';

export const autoscaling: readonly Kind[] = [horizontalPodAutoscaler, horizontalPodAutoscalerV1];
