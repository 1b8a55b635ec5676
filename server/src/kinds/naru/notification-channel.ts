/** NotificationChannel: a webhook that is told of alerts. */
import { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label } from '@naru/api/names';
import type { AnyObject, KubeObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { dropStatus, keepTheOtherPart } from '../spec-and-status.ts';
import { sinceOrUnknown } from '../table-columns.ts';

interface SecretKey {
  namespace?: string;
  name?: string;
  key?: string;
}

export interface ChannelFields extends KubeObject {
  spec?: {
    url?: string;
    urlFrom?: SecretKey;
    authorizationFrom?: SecretKey;
    form?: string;
    language?: string;
    minimumSeverity?: string;
    namespaces?: string[];
    paused?: boolean;
  };
  status?: { deliveredAt?: string; failedAt?: string; error?: string };
}

const secretsNamespace = 'kube-system';
const forms = ['discord', 'generic', 'slack'];
const languages = ['en', 'ko'];
const severities = ['critical', 'warning'];
const longestUrl = 2048;

const channelOf = (object: AnyObject) => object as unknown as ChannelFields;

export const notificationChannel = defineKind({
  group: 'naru.dev',
  kind: 'NotificationChannel',
  scope: 'Cluster',
  shortNames: ['nc'],
  // As the custom resource it would be on another server.
  storagePrefix: 'naru.dev/notificationchannels',
  schema: 'naru.dev.v1.NotificationChannel',
  subresources: ['status'],

  setDefaults(object) {
    const spec = (channelOf(object).spec ??= {});
    spec.language ||= 'en';
    spec.minimumSeverity ||= 'warning';
    for (const from of [spec.urlFrom, spec.authorizationFrom]) if (from) from.namespace ||= secretsNamespace;
  },

  prepareForCreate: dropStatus,
  prepareForUpdate: keepTheOtherPart,
  validate: (object) => validateSpec(channelOf(object)).list,
  validateUpdate: (object, _old, { subresource }) =>
    subresource === 'status' ? [] : validateSpec(channelOf(object)).list,

  columns: [
    {
      name: 'Form',
      description: 'What the receiver reads.',
      value: (object) => channelOf(object).spec?.form ?? 'auto',
    },
    {
      name: 'Severity',
      description: 'The least severity that is told.',
      value: (object) => channelOf(object).spec?.minimumSeverity ?? '',
    },
    {
      name: 'State',
      description: 'How the last message went.',
      value: (object) => stateOf(channelOf(object)),
    },
    {
      name: 'Delivered',
      description: 'How long ago the receiver last took a message.',
      value: (object, now) => sinceOrUnknown(channelOf(object).status?.deliveredAt, now).replace('<unknown>', '<none>'),
    },
    {
      name: 'Error',
      description: 'What went wrong with the last message that was given up.',
      priority: 1,
      value: (object) => channelOf(object).status?.error ?? '<none>',
    },
  ],

  example: {
    apiVersion: 'naru.dev/v1',
    kind: 'NotificationChannel',
    metadata: { name: 'example' },
    spec: { url: 'https://hooks.example.com/naru', form: 'generic', minimumSeverity: 'warning', language: 'en' },
  },
});

function stateOf({ spec, status = {} }: ChannelFields): string {
  if (spec?.paused) return 'Paused';
  if (status.error) return 'Failing';
  return status.deliveredAt ? 'Working' : 'Unused';
}

function validateSpec({ spec = {} }: ChannelFields): FieldErrors {
  const errors = new FieldErrors();
  const { url, urlFrom, authorizationFrom, form, language, minimumSeverity, namespaces = [] } = spec;
  if (!url && !urlFrom) errors.required('spec.url', 'or urlFrom');
  if (url && urlFrom) errors.forbidden('spec.urlFrom', 'may not be given beside url');
  if (url) validateUrl(url, errors);
  validateSecretKey(urlFrom, 'spec.urlFrom', errors);
  validateSecretKey(authorizationFrom, 'spec.authorizationFrom', errors);
  const oneOf = (field: string, value: string | undefined, known: string[]) => {
    if (value && !known.includes(value)) errors.notSupported(`spec.${field}`, value, known);
  };
  oneOf('form', form, forms);
  oneOf('language', language, languages);
  oneOf('minimumSeverity', minimumSeverity, severities);
  for (const [index, namespace] of namespaces.entries())
    errors.invalidEach(`spec.namespaces[${index}]`, namespace, checkDNS1123Label(namespace));
  return errors;
}

function validateUrl(text: string, errors: FieldErrors): void {
  if (text.length > longestUrl) return errors.tooLong('spec.url', longestUrl);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) errors.invalid('spec.url', text, 'must be an absolute URL');
  else if (url.protocol !== 'http:' && url.protocol !== 'https:')
    errors.invalid('spec.url', text, 'must begin with http:// or https://');
}

function validateSecretKey(from: SecretKey | undefined, path: string, errors: FieldErrors): void {
  if (!from) return;
  if (!from.name) errors.required(`${path}.name`);
  if (!from.key) errors.required(`${path}.key`);
}
