/** Autoscalers as each kubectl makes them, of pods whose annotations say what they use. */
import { beforeAll, expect, test } from '@jest/globals';
import { get } from '../../harness/objects.ts';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, kubectlVersions, type Kubectl, type KubectlVersion } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('autoscale');
const open = (version: KubectlVersion) => kubectlFor(version, target().kubeconfig, namespace);
const nameOf = (version: KubectlVersion) => `web-${version.replace('.', '-')}`;
let kubectl: Kubectl;

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
      annotations: {naru.dev/usage-cpu: 200m, naru.dev/usage-memory: 64Mi}
    spec:
      containers: [{name: main, image: web, resources: {requests: {cpu: 100m}}}]
---
`;

beforeAll(async () => {
  kubectl = await open('1.36');
  await kubectl(['apply', '-f', '-'], { input: kubectlVersions.map(nameOf).map(deployment).join('') });
  for (const version of kubectlVersions) {
    const own = await open(version);
    const wanted = version === '1.29' || version === '1.32' ? '--cpu-percent=100' : '--cpu=100%';
    const args = ['autoscale', `deployment/${nameOf(version)}`, '--min=1', '--max=3', wanted];
    expect(await own(args)).toBe(`horizontalpodautoscaler.autoscaling/${nameOf(version)} autoscaled\n`);
  }
});

test('what the annotations say is what kubectl top tells', async () => {
  await eventually(
    async () => expect(await kubectl(['top', 'pod', '--no-headers'])).toMatch(/^web-1-29-\S+ +200m +64Mi/),
    {
      seconds: 40,
    },
  );
});

// 200m of 100m is twice the target; 2 × 1 = 2, then 2 × 2 = 4, of which the bound leaves 3.
test.each(kubectlVersions)('an autoscaler of kubectl %s takes its deployment to the bound', async (version) => {
  const own = await open(version);
  const name = nameOf(version);
  await eventually(
    async () => {
      const { spec } = await get<{ spec: { replicas: number } }>(
        `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
      );
      return spec.replicas === 3;
    },
    { seconds: 100 },
  );
  expect(await own(['get', 'hpa', name, '--no-headers'])).toMatch(
    new RegExp(`^${name} +Deployment/${name} +(cpu: )?200%/100% +1 +3 +\\d `),
  );
  const described = await own(['describe', 'hpa', name]);
  expect(described).toMatch(/resource cpu on pods +\(as a percentage of request\): +200% \(200m\) \/ 100%/);
  expect(described).toContain('ValidMetricFound');
  expect(described).toMatch(/SuccessfulRescale .* New size: 3; reason: cpu resource utilization/);
});
