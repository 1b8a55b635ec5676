/** A machine as rules see it, with what is measured on it when somebody measures. */
import { conditionOf } from '../../runtime/condition.ts';
import type { Node } from './room.ts';

/** What was last measured on a machine; bytes. */
export interface MachineFigures {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Cores in use. */
  readonly cpu?: { readonly cores: number };
  readonly memory?: { readonly total: number; readonly available: number };
  readonly disk?: {
    readonly total: number;
    readonly available: number;
    /** At the pace of the last hours; absent when it does not fill. */
    readonly secondsUntilFull?: number;
  };
}

/** Where measurements come from. */
export interface NodeFigures {
  of(node: string): MachineFigures | undefined;
}

export interface MachineView {
  readonly name: string;
  readonly node: Node;
  readonly figures: MachineFigures | undefined;
  /** Apps with instances there. */
  readonly apps: number;
  /** Somebody closed it to new instances, and nothing but what runs on every machine is left there. */
  readonly isDrained: boolean;
  /** How often the connection was lost within the last quarter of an hour. */
  readonly losses: number;
}

/** Older than this, a measurement says nothing about now. */
const measuredAtLeastEvery = 90_000;

export const figuresAt = ({ figures }: MachineView, now: number): MachineFigures | undefined =>
  figures && now - figures.at <= measuredAtLeastEvery ? figures : undefined;

export const nodeCondition = ({ node }: MachineView, type: string) => conditionOf(node.status?.conditions, type);
