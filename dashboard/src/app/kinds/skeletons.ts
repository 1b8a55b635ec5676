/** What a new object begins with, for the kinds that people write by hand; others begin with an empty spec. */
import type { ResourceKind } from '../cluster/discovery';

const skeletons: Readonly<Record<string, object>> = {
  '/configmaps': { data: { KEY: 'value' } },
  '/secrets': { type: 'Opaque', stringData: { KEY: 'value' } },
  '/namespaces': {},
  '/serviceaccounts': {},
  '/services': { spec: { selector: { app: 'NAME-OF-APP' }, ports: [{ port: 80, targetPort: 80 }] } },
  '/persistentvolumeclaims': {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  '/pods': { spec: { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '3600'] }] } },
  'batch/jobs': {
    spec: {
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36', command: ['date'] }] },
      },
    },
  },
  'batch/cronjobs': {
    spec: {
      schedule: '*/15 * * * *',
      jobTemplate: {
        spec: {
          template: {
            spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36', command: ['date'] }] },
          },
        },
      },
    },
  },
  'networking.k8s.io/networkpolicies': {
    spec: {
      podSelector: { matchLabels: { app: 'NAME-OF-APP' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'WHO-MAY' } } }] }],
    },
  },
  'networking.k8s.io/ingresses': {
    spec: {
      rules: [
        {
          host: 'app.example.test',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'NAME-OF-ADDRESS', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
};

/** A new object of the kind; `namespace` only for kinds that live in one. */
export function skeletonOf(kind: ResourceKind, name: string, namespace: string): object {
  const key = `${kind.group}/${kind.plural}`;
  return {
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: { name, ...(kind.namespaced ? { namespace } : {}) },
    ...(Object.hasOwn(skeletons, key) ? skeletons[key] : { spec: {} }),
  };
}
