/** A node is emptied within what budgets allow, and Jobs are made from CronJobs, with each kubectl that Naru is held to. */
import { describe, expect, test } from '@jest/globals';
import { kubectlFor, kubectlVersions } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const workloads = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: guarded}
spec:
  replicas: 1
  selector: {matchLabels: {app: guarded}}
  template:
    metadata: {labels: {app: guarded}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: main, image: "registry.k8s.io/pause:3.10.2", volumeMounts: [{name: scratch, mountPath: /s}]}]
      volumes: [{name: scratch, emptyDir: {}}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: everywhere}
spec:
  selector: {matchLabels: {app: everywhere}}
  template:
    metadata: {labels: {app: everywhere}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: main, image: "registry.k8s.io/pause:3.10.2"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: guarded}
spec: {minAvailable: 1, selector: {matchLabels: {app: guarded}}}
`;

const cronJob = `
apiVersion: batch/v1
kind: CronJob
metadata: {name: yearly}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: "busybox:1.36", command: [echo, done]}]
`;

describe.each(kubectlVersions)('kubectl %s', (version) => {
  const namespace = testNamespace(`drain-${version.replace('.', '-')}`);
  const open = () => kubectlFor(version, target().kubeconfig, namespace);

  test('drain waits for budgets, leaves daemons, and uncordon brings the pods back', async () => {
    const kubectl = await open();
    await kubectl(['apply', '-f', '-'], { input: workloads });
    await kubectl(['rollout', 'status', 'deployment/guarded', '--timeout=60s']);
    await kubectl(['rollout', 'status', 'daemonset/everywhere', '--timeout=60s']);
    await kubectl(['wait', '--for=jsonpath={.status.currentHealthy}=1', 'pdb/guarded', '--timeout=30s']);
    const node = await kubectl(['get', 'pods', '-l', 'app=guarded', '-o', 'jsonpath={.items[0].spec.nodeName}']);
    const uid = () => kubectl(['get', 'pods', '-l', 'app=everywhere', '-o', 'jsonpath={.items[*].metadata.uid}']);
    const daemon = await uid();
    const drain = ['drain', node, '--pod-selector=app in (guarded, everywhere)'];
    const all = [...drain, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=2s'];
    try {
      const refused = await kubectl.attempt(drain);
      expect(refused.stderr).toMatch(/cannot delete DaemonSet-managed Pods/);
      expect(refused.stderr).toMatch(/cannot delete Pods with local storage/);
      const guarded = await kubectl.attempt(all);
      expect(guarded.code).toBe(1);
      expect(guarded.stderr).toMatch(/Cannot evict pod as it would violate the pod's disruption budget/);
      expect(await kubectl(['get', 'node', node, '--no-headers'])).toMatch(/Ready,SchedulingDisabled/);
      await kubectl(['delete', 'pdb', 'guarded']);
      expect(await kubectl(all.with(-1, '--timeout=60s'))).toMatch(/node\/\S+ drained/);
      expect(await kubectl(['get', 'pods', '-l', 'app=guarded', '-o', 'jsonpath={.items[*].spec.nodeName}'])).toBe('');
      expect(await uid()).toBe(daemon);
    } finally {
      await kubectl(['uncordon', node]);
    }
    await kubectl(['rollout', 'status', 'deployment/guarded', '--timeout=60s']);
    await kubectl(['delete', 'deployment/guarded', 'daemonset/everywhere']);
  });

  test('create job --from a CronJob, wait for it, and read what it said', async () => {
    const kubectl = await open();
    await kubectl(['apply', '-f', '-'], { input: cronJob });
    expect(await kubectl(['create', 'job', 'now', '--from=cronjob/yearly'])).toBe('job.batch/now created\n');
    await kubectl(['wait', '--for=condition=Complete', 'job/now', '--timeout=60s']);
    expect(await kubectl(['logs', 'job/now'])).toBe('done\n');
    expect(await kubectl(['get', 'job', 'now', '--no-headers'])).toMatch(/^now +Complete +1\/1 /);
    expect(
      await kubectl([
        'get',
        'job',
        'now',
        '-o',
        'jsonpath={.metadata.ownerReferences[0].kind} {.metadata.annotations}',
      ]),
    ).toMatch(/^CronJob .*"cronjob.kubernetes.io\/instantiate":"manual"/);
    await kubectl(['delete', 'cronjob', 'yearly']);
    await kubectl(['wait', '--for=delete', 'job/now', '--timeout=60s']);
  });
});
