/** What an alert rule is: data, and a pure function that finds its condition in one app, machine, task or autoscaler. */

import type { FixCode } from './fixes.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** What may help. The codes are listed in fixes.ts. */
export interface Fix {
  readonly code: FixCode;
  readonly params?: Readonly<Record<string, string>>;
}

/** What a rule found. */
export interface Finding {
  /** Absent: the rule's own. */
  readonly severity?: Severity;
  /** What fills the rule's sentence. */
  readonly params: Readonly<Record<string, string>>;
  /** The container it is about, when two containers of one app are two alerts. */
  readonly container?: string;
  /** Names of the pods that show it. */
  readonly instances?: readonly string[];
  /** Since when it is known to be so, in milliseconds since 1970; absent: since now. */
  readonly since?: number;
  /** What may help, the likeliest first. */
  readonly fixes?: readonly Fix[];
  /** Whose last words explain it. */
  readonly witness?: { readonly pod: string; readonly container?: string; readonly previous?: boolean };
}

/** In every language there is. */
export interface Said {
  readonly en: string;
  readonly ko: string;
}

/** `unknown`: what the rule needs to know is missing, so it says nothing, and what it said before stands. */
export type Found = readonly Finding[] | 'unknown';

export interface Rule<View> {
  /** Of the catalogue in docs/reference/alerts.md. */
  readonly number: number;
  readonly name: string;
  /** Tells two rows of one rule apart: a milder and a graver form with times of their own. */
  readonly variant?: string;
  readonly severity: Severity;
  /** Seconds that the condition has to last before it fires. */
  readonly forSeconds: number;
  /** Seconds that it has to be gone before the alert is resolved. */
  readonly keepSeconds: number;
  /** `consequence`: no alert of its own while a `cause` of the same app is known. */
  readonly role?: 'cause' | 'consequence';
  /** Rests while a change that somebody made settles. */
  readonly restsAfterChange?: boolean;
  /** Before it is told, the events of the witness are asked whether an image is still being downloaded; then it waits anew. */
  readonly unlessPulling?: boolean;
  /** Is over as soon as the instances that showed it are gone and the app is well: what replaced them may be healthy. */
  readonly endsWithInstances?: boolean;
  /** In words, for the documentation. */
  readonly condition: string;
  /** Sentences for those who are told outside the page, with {params}. */
  readonly message: Said;
  /** What codes among the params mean, by param and code. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, Said>>>>;
  find(view: View, now: number): Found;
}

/** The rule without its view, as the engine handles all of them. */
export type AnyRule = Omit<Rule<never>, 'find'>;

/** Names the rule in fingerprints. */
export const ruleId = ({ name, variant }: Pick<AnyRule, 'name' | 'variant'>): string =>
  variant ? `${name}/${variant}` : name;

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export const isWorse = (a: Severity, b: Severity): boolean => ranks[a] > ranks[b];
export const isAtLeast = (a: Severity, least: Severity): boolean => ranks[a] >= ranks[least];

/** `0 of {wanted} are ready` with its params; what is missing stays as it is. */
export const fillIn = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (mark, name: string) => (Object.hasOwn(params, name) ? params[name]! : mark));
