/** One line of the table in docs/reference/performance.md: what was measured, and against what. */
import type { RunningNaru } from '../harness/running-naru.ts';
import type { Target } from '../harness/target.ts';

export interface BenchContext {
  repository: string;
  /** For files of the row's own; removed afterwards. */
  directory: string;
  naru: RunningNaru;
  target: Target;
  /** An administrator's bearer token, for load generators without client certificates. */
  token: string;
  /** Id of the server's process; throws while there is none. */
  server(): Promise<number>;
  /** When `naru up` was started, as performance.now() has it. */
  startedAt: number;
}

export interface Measure {
  what: string;
  value: number;
  unit: string;
  /** The same unit, measured in the same minute. */
  yardstick?: { what: string; value: number };
  /** What DESIGN asks for, and whether it was met. */
  goal: string;
  met: boolean;
}

export interface Row {
  name: string;
  /** Fake nodes that the row wants; one when not given. */
  nodes?: number;
  measure(context: BenchContext): Promise<Measure[]>;
}

export function inWords({ what, value, unit, yardstick, goal, met }: Measure): string {
  const ratio = yardstick
    ? `${((100 * value) / yardstick.value).toFixed(0)} % of ${yardstick.what} (${round(yardstick.value)} ${unit})`
    : '';
  return `| ${what} | ${round(value)} ${unit} | ${ratio} | ${goal} | ${met ? 'yes' : 'no'} |`;
}

export const tableHead = '| what | Naru | beside the yardstick | goal | met |\n|---|---|---|---|---|';

const round = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
