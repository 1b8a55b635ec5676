/** The kinds of naru.dev: what Kubernetes has no kind for. */
import type { Kind } from '../define-kind.ts';
import { alert } from './alert.ts';
import { notificationChannel } from './notification-channel.ts';

export const naru: readonly Kind[] = [alert, notificationChannel];
