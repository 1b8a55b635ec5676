/** 5,000 fake nodes: until all are Ready, 10,000 pods run on them, and the pods are gone again. */
import { eventually } from '../../harness/eventually.ts';
import { call, type Target } from '../../harness/target.ts';
import { benchNamespace } from '../bench-namespace.ts';
import type { Measure, Row } from '../row.ts';

const nodeCount = 5000;
const podCount = 10_000;
const namespace = 'bench-nodes';
const headers = { 'content-type': 'application/json' };

export const manyNodes: Row = {
  name: 'nodes',
  nodes: nodeCount,
  async measure({ target, startedAt }) {
    const ready = () => countOf(target, '/api/v1/nodes', isReady);
    await eventually(async () => (await ready()) >= nodeCount, { seconds: 300, what: 'all nodes Ready' });
    const measures = [row(`${nodeCount} fake nodes Ready, the start included`, startedAt, 30)];
    await benchNamespace(target, namespace);
    const begun = performance.now();
    await scaleTo(target, podCount);
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const running = () => countOf(target, pods, (pod) => pod.status?.phase === 'Running');
    await eventually(async () => (await running()) >= podCount, { seconds: 300, what: 'all pods Running' });
    measures.push(row(`${podCount} pods of a Deployment Running on them`, begun, 30));
    const deleting = performance.now();
    await call(target, { method: 'DELETE', path: `/apis/apps/v1/namespaces/${namespace}/deployments/many` });
    await eventually(async () => (await countOf(target, pods, () => true)) === 0, {
      seconds: 300,
      what: 'all pods gone',
    });
    measures.push(row('… and gone again', deleting, 45));
    return measures;
  },
};

function row(what: string, since: number, goal: number): Measure {
  const value = (performance.now() - since) / 1000;
  return { what, value, unit: 's', goal: `≤ ${goal} s`, met: value <= goal };
}

interface Counted {
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}

const isReady = ({ status }: Counted) =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

/** Of a whole list; asked for once a second at most, for the question costs as well. */
async function countOf(target: Target, path: string, counts: (object: Counted) => boolean): Promise<number> {
  const { body } = await call(target, { path: `${path}?resourceVersion=0` });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return (body as { items?: Counted[] }).items?.filter(counts).length ?? 0;
}

async function scaleTo(target: Target, replicas: number): Promise<void> {
  const labels = { app: 'many' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'busybox:1.36' }] } };
  const deployment = { metadata: { name: 'many' }, spec: { replicas, selector: { matchLabels: labels }, template } };
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { status } = await call(target, { method: 'POST', path, headers, body: JSON.stringify(deployment) });
  if (status !== 201) throw new Error(`the Deployment was answered with ${status}`);
}
