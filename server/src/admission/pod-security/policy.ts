/** What the labels of a namespace ask of its pods. */
// Like k8s.io/pod-security-admission/api.
import { FieldErrors } from '@naru/api/field-errors';

export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A level as it was in a version of Kubernetes. */
export interface LevelVersion {
  readonly level: Level;
  /** The number after `1.`; infinite for the newest there is. */
  readonly minor: number;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
}

type Labels = Readonly<Record<string, string>>;

const prefix = 'pod-security.kubernetes.io/';
const modes = ['enforce', 'audit', 'warn'] as const;
const latest = Number.POSITIVE_INFINITY;
const privileged: LevelVersion = { level: 'privileged', minor: latest };
const unlimited: Policy = { enforce: privileged, warn: privileged };

export const nameOf = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === latest ? 'latest' : `v1.${minor}`}`;

const isLevel = (text: string): text is Level => (levels as readonly string[]).includes(text);

function minorOf(text: string): number | undefined {
  if (text === 'latest') return latest;
  const match = /^v1\.(0|[1-9]\d*)$/.exec(text);
  return match ? Number(match[1]) : undefined;
}

export const isAbout = (labels: Labels): boolean => {
  for (const label in labels) if (label.startsWith(prefix)) return true;
  return false;
};

/** A label that cannot be read is taken for the strictest where it forbids, and for nothing where it warns. */
export function policyOf(labels: Labels = {}): Policy {
  if (!isAbout(labels)) return unlimited;
  const read = (mode: 'enforce' | 'warn', otherwise: Level): LevelVersion => {
    const level = labels[prefix + mode];
    const version = labels[`${prefix}${mode}-version`];
    const minor = version === undefined ? latest : minorOf(version);
    if (level === undefined) return { level: 'privileged', minor: minor ?? latest };
    return isLevel(level) && minor !== undefined ? { level, minor } : { level: otherwise, minor: latest };
  };
  return { enforce: read('enforce', 'restricted'), warn: read('warn', 'privileged') };
}

/** What is wrong with the labels, mode by mode. */
export function labelErrors(labels: Labels = {}): FieldErrors {
  const errors = new FieldErrors();
  if (!isAbout(labels)) return errors;
  for (const mode of modes) {
    const level = labels[prefix + mode];
    const version = labels[`${prefix}${mode}-version`];
    if (level !== undefined && !isLevel(level))
      errors.invalid(`metadata.labels[${prefix}${mode}]`, level, `must be one of ${levels.join(', ')}`);
    if (version !== undefined && minorOf(version) === undefined)
      errors.invalid(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"');
  }
  return errors;
}
