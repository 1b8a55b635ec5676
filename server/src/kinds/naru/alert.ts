/** Alert: a problem that the rules of this server found, from its beginning to its end. */
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject, KubeObject } from '@naru/api/object';
import { defineKind, type Column } from '../define-kind.ts';
import { dropStatus, keepTheOtherPart } from '../spec-and-status.ts';
import { humanDuration, nameColumn, sinceOrUnknown } from '../table-columns.ts';

export interface AlertSubject {
  kind?: string;
  name?: string;
  container?: string;
}

export interface AlertFields extends KubeObject {
  spec?: { rule?: string; severity?: string; subject?: AlertSubject; params?: Record<string, string> };
  status?: {
    state?: string;
    startedAt?: string;
    firedAt?: string;
    resolvedAt?: string;
    acknowledged?: { by?: string; at?: string };
    silencedUntil?: string;
    message?: string;
  };
}

const severities = ['critical', 'info', 'warning'];
const states = ['firing', 'pending', 'recovering', 'resolved'];

const alertOf = (object: AnyObject) => object as unknown as AlertFields;

export const alert = defineKind({
  group: 'naru.dev',
  kind: 'Alert',
  shortNames: ['al'],
  // As the custom resource it would be on another server.
  storagePrefix: 'naru.dev/alerts',
  schema: 'naru.dev.v1.Alert',
  subresources: ['status'],

  prepareForCreate: dropStatus,
  prepareForUpdate: keepTheOtherPart,
  validate: (object) => validateSpec(alertOf(object)).list,
  validateUpdate: (object, _old, { subresource }) =>
    (subresource === 'status' ? validateStatus(alertOf(object)) : validateSpec(alertOf(object))).list,

  selectableFields: {
    'spec.rule': (object) => alertOf(object).spec?.rule ?? '',
    'spec.severity': (object) => alertOf(object).spec?.severity ?? '',
    'status.state': (object) => alertOf(object).status?.state ?? '',
  },

  columns: alertColumns(),
  columnsComplete: true,
  compareRows: (a, b) => urgencyOf(alertOf(a)) - urgencyOf(alertOf(b)),

  example: {
    apiVersion: 'naru.dev/v1',
    kind: 'Alert',
    shortNames: ['al'],
    metadata: { name: 'example' },
    spec: {
      rule: 'AppDown',
      severity: 'critical',
      subject: { kind: 'Deployment', name: 'web' },
      params: { app: 'web' },
    },
  },
});

function validateSpec({ spec = {} }: AlertFields): FieldErrors {
  const errors = new FieldErrors();
  const { rule, severity, subject } = spec;
  if (!rule) errors.required('spec.rule');
  if (!severity) errors.required('spec.severity');
  else if (!severities.includes(severity)) errors.notSupported('spec.severity', severity, severities);
  validateSubject(subject, 'spec.subject', errors);
  return errors;
}

function validateSubject(subject: AlertSubject | undefined, path: string, errors: FieldErrors): void {
  if (!subject?.kind) errors.required(`${path}.kind`);
  if (!subject?.name) errors.required(`${path}.name`);
}

function validateStatus({ status = {} }: AlertFields): FieldErrors {
  const errors = new FieldErrors();
  const { state, acknowledged } = status;
  if (state && !states.includes(state)) errors.notSupported('status.state', state, states);
  if (acknowledged && !acknowledged.by) errors.required('status.acknowledged.by');
  return errors;
}

/** What needs attention first, worst first; then what is over. */
function urgencyOf({ spec, status }: AlertFields): number {
  const rank = ['critical', 'warning', 'info'].indexOf(spec?.severity ?? '');
  return (status?.state === 'resolved' ? 3 : 0) + rank;
}

function alertColumns(): Column[] {
  const show = (name: string, description: string, value: (alert: AlertFields, now: number) => string): Column => ({
    name,
    type: 'string',
    description,
    value: (object, now) => value(alertOf(object), now),
  });
  return [
    nameColumn,
    show('Severity', 'How much it matters.', ({ spec }) => spec?.severity ?? ''),
    show('Rule', 'The rule that found it.', ({ spec }) => spec?.rule ?? ''),
    show('Subject', 'What it is about.', ({ spec }) => subjectText(spec?.subject)),
    show('State', 'How it stands with it.', ({ status }, now) => stateText(status ?? {}, now)),
    show('Since', 'How long ago it fired.', ({ status }, now) =>
      sinceOrUnknown(status?.firedAt ?? status?.startedAt, now),
    ),
    show('Message', 'What is wrong.', ({ status }) => status?.message ?? ''),
    { ...show('Duration', 'How long it took until it was over.', ({ status }) => durationText(status)), priority: 1 },
    {
      ...show('Acknowledged', 'Who has taken it on.', ({ status }) => status?.acknowledged?.by ?? '<none>'),
      priority: 1,
    },
  ];
}

/** An alert that is silenced fires, but nobody is told. */
function stateText({ state = '', silencedUntil }: NonNullable<AlertFields['status']>, now: number): string {
  const isSilenced = state !== 'resolved' && silencedUntil !== undefined && Date.parse(silencedUntil) > now;
  return isSilenced ? `${state},silenced` : state;
}

function durationText({ firedAt, resolvedAt }: NonNullable<AlertFields['status']> = {}): string {
  return firedAt && resolvedAt ? humanDuration(Date.parse(resolvedAt) - Date.parse(firedAt)) : '<none>';
}

/** `deployment/web`, or `deployment/web (sidecar)`. */
function subjectText({ kind = '', name = '', container }: AlertSubject = {}): string {
  const text = `${kind.toLowerCase()}/${name}`;
  return container ? `${text} (${container})` : text;
}
