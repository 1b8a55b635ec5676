/** The kinds of naru.dev: what Kubernetes has no kind for. */
import type { Kind } from '../define-kind.ts';
import { alert } from './alert.ts';
import { notificationChannel } from './notification-channel.ts';
import { nodeUsage, podUsage } from './usage.ts';

export const naru: readonly Kind[] = [alert, nodeUsage, notificationChannel, podUsage];
