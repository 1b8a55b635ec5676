/** Something of everything the dashboard shows: what runs, what is broken in each known way, what scales, what is stored. */
import { createApp, patch, post, read, deploymentPath, type AppRequest } from '../harness/dashboard/apps.ts';
import { eventually } from '../harness/eventually.ts';

export const project = 'shop';
/** A project with nothing in it, for what an empty page says. */
export const emptyProject = 'attic';

const chatter = `trap 'exit 0' TERM
n=0
while true; do
  n=$((n + 1))
  echo "{\\"level\\":\\"info\\",\\"message\\":\\"order $n accepted\\",\\"customer\\":\\"김하늘\\",\\"ms\\":$((n % 90))}"
  [ $((n % 4)) = 0 ] && printf '\\033[33mWARN\\033[0m the stock of item %s runs low\\n' $n
  [ $((n % 7)) = 0 ] && echo "ERROR 데이터베이스 연결 실패: 다시 시도합니다 ($n)"
  sleep 0.5
done`;

const reserved = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

const apps: readonly Omit<AppRequest, 'namespace'>[] = [
  { name: 'web', image: 'nginx:1.27', port: 80, replicas: 2, container: reserved('50m', '32Mi') },
  { name: 'orders', script: chatter, replicas: 3, container: reserved('100m', '16Mi') },
  { name: 'search', port: 9200, container: reserved('50m', '64Mi') },
  { name: 'reports', script: 'echo "loading settings"; echo "cannot reach the database at db:5432"; exit 1' },
  {
    name: 'thumbnails',
    script: 'tail /dev/zero',
    container: { resources: { limits: { memory: '24Mi' }, requests: { memory: '24Mi' } } },
  },
  { name: 'billing', image: 'registry.invalid/billing:2.4' },
  { name: 'training', container: reserved('200', '1Gi') },
  { name: 'mailer', container: { envFrom: [{ configMapRef: { name: 'mail-settings' } }] } },
  {
    name: 'a-service-with-a-rather-long-name-of-its-own',
    container: { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 2 } },
  },
  { name: 'archive', replicas: 2 },
];

const sleeping = (name: string) => ({
  name,
  image: 'busybox:1.36',
  command: ['sh', '-c', "trap 'exit 0' TERM; sleep 1000000 & wait"],
});

const template = (name: string, spec: object) => ({ metadata: { labels: { app: name } }, spec });
const selected = (name: string) => ({ selector: { matchLabels: { app: name } } });
const namespaced = (group: string, plural: string) => `${group}/namespaces/${project}/${plural}`;

const others: readonly (readonly [string, object])[] = [
  [
    namespaced('/apis/apps/v1', 'statefulsets'),
    {
      metadata: { name: 'db' },
      spec: {
        ...{ replicas: 1, serviceName: 'db', ...selected('db') },
        template: template('db', {
          containers: [{ ...sleeping('db'), volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        }),
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
          },
        ],
      },
    },
  ],
  [
    namespaced('/api/v1', 'services'),
    { metadata: { name: 'db' }, spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] } },
  ],
  [
    namespaced('/api/v1', 'services'),
    { metadata: { name: 'payments' }, spec: { selector: { app: 'paymentz' }, ports: [{ port: 80 }] } },
  ],
  [
    namespaced('/apis/apps/v1', 'daemonsets'),
    {
      metadata: { name: 'log-shipper' },
      spec: {
        ...selected('log-shipper'),
        template: template('log-shipper', { containers: [sleeping('log-shipper')] }),
      },
    },
  ],
  [
    namespaced('/apis/autoscaling/v2', 'horizontalpodautoscalers'),
    {
      metadata: { name: 'orders' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' },
        ...{ minReplicas: 3, maxReplicas: 6 },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
    },
  ],
  [
    namespaced('/apis/batch/v1', 'cronjobs'),
    {
      metadata: { name: 'nightly-backup' },
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [sleeping('backup')] } } } },
      },
    },
  ],
  [
    namespaced('/apis/networking.k8s.io/v1', 'networkpolicies'),
    {
      metadata: { name: 'only-orders-reach-db' },
      spec: {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'orders' } } }], ports: [{ port: 5432 }] }],
      },
    },
  ],
  [
    namespaced('/api/v1', 'configmaps'),
    { metadata: { name: 'shop-settings' }, data: { currency: 'KRW', title: '하늘 상점' } },
  ],
  [namespaced('/api/v1', 'secrets'), { metadata: { name: 'db-login' }, stringData: { password: 'not shown' } }],
];

/** Resolves when everything is made and the alerts that its faults deserve have fired. */
export async function makeSampleCluster(): Promise<void> {
  for (const name of [project, emptyProject]) await post('/api/v1/namespaces', { metadata: { name } });
  await eventually(() => read(`/api/v1/namespaces/${project}/serviceaccounts/default`).then(() => true), {
    what: 'the default account',
  });
  for (const app of apps) await createApp({ namespace: project, ...app });
  for (const [path, body] of others) await post(path, body);
  await stop('archive');
  await eventually(async () => (await firing()).size >= 6, { seconds: 240, what: 'the alerts' });
}

/** As the page does it for somebody. */
async function stop(name: string): Promise<void> {
  const at = new Date().toISOString();
  const annotations = { 'naru.dev/stopped-replicas': '2', 'naru.dev/stopped-by': 'admin', 'naru.dev/stopped-at': at };
  await patch(deploymentPath(project, name), { metadata: { annotations }, spec: { replicas: 0 } });
}

async function firing(): Promise<Set<string>> {
  const { items } = await read<{ items: { spec: { rule: string }; status?: { state?: string } }[] }>(
    `/apis/naru.dev/v1/namespaces/${project}/alerts`,
  );
  return new Set(items.filter(({ status }) => status?.state === 'firing').map(({ spec }) => spec.rule));
}
