/** Where messages go: read from the Secret or ConfigMap `naru-notifications` of kube-system. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { configMaps } from '../../runtime/resources.ts';
import { clusterNamespace } from '../alert.ts';
import type { Severity } from '../rule.ts';
import type { Form } from './message.ts';

export const channelName = 'naru-notifications';

export interface Channel {
  readonly url: string;
  /** Never info: what is merely worth knowing is not told outside. */
  readonly minimumSeverity: Exclude<Severity, 'info'>;
  readonly form: Form;
  readonly language: 'en' | 'ko';
}

interface Configuration extends KubeObject {
  data?: Record<string, string>;
}

const secrets: ResourceRef = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', scope: 'Namespaced' };

/** Undefined when there is none. A Secret goes before a ConfigMap: addresses of webhooks are often secrets themselves. */
export async function readChannel(client: Client): Promise<Channel | undefined> {
  const secret = await dataOf(client, secrets);
  const decoded = secret && new Map([...secret].map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
  const data = decoded ?? (await dataOf(client, configMaps));
  const url = data?.get('url')?.trim();
  return data && url ? channelOf(url, data) : undefined;
}

function channelOf(url: string, data: ReadonlyMap<string, string>): Channel {
  const minimumSeverity = data.get('minimumSeverity')?.trim() === 'critical' ? 'critical' : 'warning';
  const language = data.get('language')?.trim() === 'ko' ? 'ko' : 'en';
  return { url, minimumSeverity, language, form: formOf(url, data.get('form')?.trim()) };
}

/** As it is said, or as the address tells. */
function formOf(url: string, said: string | undefined): Form {
  if (said === 'slack' || said === 'discord' || said === 'generic') return said;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (host === 'hooks.slack.com') return 'slack';
  return host === 'discord.com' || host === 'discordapp.com' ? 'discord' : 'generic';
}

async function dataOf(client: Client, resource: ResourceRef): Promise<Map<string, string> | undefined> {
  try {
    const { data = {} } = await client.for<Configuration>(resource).get(channelName, clusterNamespace);
    return new Map(Object.entries(data));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
