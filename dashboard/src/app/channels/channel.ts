/** Where alerts are told to: the fields of a NotificationChannel this page uses, and what it writes; pure. */
import type { KubernetesObject } from '../cluster/kubernetes-object';
import type { LanguageCode } from '../i18n/language';

export type ChannelForm = 'generic' | 'slack' | 'discord';

export interface Channel extends KubernetesObject {
  readonly spec: {
    readonly url?: string;
    readonly urlFrom?: { readonly namespace?: string; readonly name: string; readonly key: string };
    readonly form?: ChannelForm;
    readonly language?: LanguageCode;
    readonly minimumSeverity?: 'warning' | 'critical';
    readonly paused?: boolean;
  };
  readonly status?: {
    readonly deliveredAt?: string;
    readonly failedAt?: string;
    readonly error?: string;
    readonly test?: { readonly requestedAt: string; readonly at?: string; readonly error?: string };
  };
}

/** What a person fills in. */
export interface ChannelRequest {
  readonly name: string;
  readonly url: string;
  readonly form: ChannelForm | '';
  readonly minimumSeverity: 'warning' | 'critical';
  readonly language: LanguageCode;
}

const secretNamespace = 'kube-system';
export const testAnnotation = 'naru.dev/test-requested-at';

/** Addresses of webhooks let everyone write who knows them: they are kept as secrets. */
export function secretOf({ name, url }: Pick<ChannelRequest, 'name' | 'url'>) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName(name), namespace: secretNamespace },
    stringData: { url },
  };
}

export function secretPath(name?: string): string {
  const secrets = `/api/v1/namespaces/${secretNamespace}/secrets`;
  return name === undefined ? secrets : `${secrets}/${secretName(name)}`;
}

export function channelOf({ name, form, minimumSeverity, language }: ChannelRequest) {
  return {
    apiVersion: 'naru.dev/v1',
    kind: 'NotificationChannel',
    metadata: { name },
    spec: {
      urlFrom: { namespace: secretNamespace, name: secretName(name), key: 'url' },
      ...(form === '' ? {} : { form }),
      minimumSeverity,
      language,
    },
  };
}

function secretName(channel: string): string {
  return `notification-channel-${channel}`;
}

export type ChannelState = 'paused' | 'failing' | 'working' | 'unused';

export function stateOf({ spec, status = {} }: Channel): ChannelState {
  if (spec.paused) return 'paused';
  if (status.error) return 'failing';
  return status.deliveredAt ? 'working' : 'unused';
}

/** How the test went that was asked for last; undefined while there was none. */
export function testOf({ metadata, status }: Channel): 'waiting' | 'passed' | 'failed' | undefined {
  const asked = metadata.annotations?.[testAnnotation];
  if (asked === undefined) return undefined;
  if (status?.test?.requestedAt !== asked) return 'waiting';
  return status.test.error ? 'failed' : 'passed';
}
