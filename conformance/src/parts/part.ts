/** One part of the whole test run. */

export interface PartContext {
  repository: string;
}

export interface PartResult {
  passed: number;
  failed: number;
  /** What failed, each in a line or a few, to be told again at the end of a long output. */
  faults: readonly string[];
}

/** All of them as one. */
export const sumOf = (results: readonly PartResult[]): PartResult => ({
  passed: results.reduce((total, { passed }) => total + passed, 0),
  failed: results.reduce((total, { failed }) => total + failed, 0),
  faults: results.flatMap(({ faults }) => faults),
});

export type Part = (context: PartContext) => Promise<PartResult>;
