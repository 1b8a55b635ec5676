/** What a DELETE may say. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: string;
  /** The old way to say propagationPolicy. */
  readonly orphanDependents?: boolean;
  readonly dryRun: boolean;
}
