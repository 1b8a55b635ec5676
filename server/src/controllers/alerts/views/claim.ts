/** A claim for storage as rules see it. */
import type { KubeObject } from '@naru/api/object';
import type { AppSubject } from './app.ts';

export interface Claim extends KubeObject {
  spec?: { storageClassName?: string; volumeName?: string };
  status?: { phase?: string };
}

export interface StorageClass extends KubeObject {
  volumeBindingMode?: string;
}

export interface ClaimView {
  readonly claim: Claim;
  /** Absent when the claim names none, or one that is not there. */
  readonly storageClass: StorageClass | undefined;
  /** Of the volume that it is bound to. */
  readonly volumePhase: string | undefined;
  /** Apps whose instances use it. */
  readonly apps: readonly AppSubject[];
}
