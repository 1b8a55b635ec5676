/** The plain words of the kinds that have one. */
import type { ResourceKind } from '../cluster/discovery';
import type { MessageKey } from '../i18n/message';

const names: Readonly<Record<string, MessageKey>> = {
  '/pods': 'kind.pods',
  '/services': 'kind.services',
  '/configmaps': 'kind.configmaps',
  '/secrets': 'kind.secrets',
  '/namespaces': 'kind.namespaces',
  '/nodes': 'kind.nodes',
  '/resourcequotas': 'kind.resourcequotas',
  '/events': 'kind.events',
  '/persistentvolumeclaims': 'kind.persistentvolumeclaims',
  '/persistentvolumes': 'kind.persistentvolumes',
  'batch/jobs': 'kind.jobs',
  'batch/cronjobs': 'kind.cronjobs',
  'autoscaling/horizontalpodautoscalers': 'kind.horizontalpodautoscalers',
  'networking.k8s.io/ingresses': 'kind.ingresses',
  'networking.k8s.io/networkpolicies': 'kind.networkpolicies',
  'naru.dev/alerts': 'nav.alerts',
  'naru.dev/notificationchannels': 'kind.notificationchannels',
};

export function plainKindName({ group, plural }: Pick<ResourceKind, 'group' | 'plural'>): MessageKey | undefined {
  const key = `${group}/${plural}`;
  return Object.hasOwn(names, key) ? names[key] : undefined;
}
