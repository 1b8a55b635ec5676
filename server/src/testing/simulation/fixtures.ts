/** Objects that simulations of several controllers use. */
import type { AnyObject } from '@naru/api/object';
import type { PodTemplate } from '../../controllers/runtime/pod.ts';

export const labels = { app: 'web' };
export const selector = { matchLabels: labels };

export const template = (image = 'i:0'): PodTemplate => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image }] },
});

export const readyNode = (name: string, now: string): AnyObject => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now }] },
});
