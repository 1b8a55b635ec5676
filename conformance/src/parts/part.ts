/** One part of the whole test run. */

export interface PartContext {
  repository: string;
}

export interface PartResult {
  passed: number;
  failed: number;
}

export type Part = (context: PartContext) => Promise<PartResult>;
