/** A project's quota as rules see it. */
import type { KubeObject } from '@naru/api/object';

export interface Quota extends KubeObject {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
}

export interface QuotaView {
  readonly quota: Quota;
  /** Apps of the project whose new instances the quota refuses. */
  readonly refused: readonly string[];
}
