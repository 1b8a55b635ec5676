/** What the server uses while nothing changes, with nothing stored and with 10,000 objects that controllers look after. */
import { eventually } from '../../harness/eventually.ts';
import { call, type Target } from '../../harness/target.ts';
import { benchNamespace } from '../bench-namespace.ts';
import { processorSecondsOf } from '../memory.ts';
import type { Row } from '../row.ts';

const namespace = 'bench-resting';
const apps = 100;
/** Of each app; with its Deployment, ReplicaSet, Service, Endpoints and EndpointSlice it makes 100 objects. */
const replicas = 20;
const configMaps = 75;
const headers = { 'content-type': 'application/json' };
/** Seconds that processor time is taken over, and that the work is given to end before. */
const rest = 60;
const settle = 20;

export const resting: Row = {
  name: 'resting',
  nodes: 20,
  async measure({ target, server }) {
    const empty = await percentOf(await server());
    await benchNamespace(target, namespace);
    for (let app = 0; app < apps; app++) await createApp(target, app);
    await eventually(async () => (await running(target)) === apps * replicas, { seconds: 180, what: 'the pods' });
    const full = await percentOf(await server());
    const unit = '% of a core';
    return [
      { what: 'the server at rest, nothing stored', value: empty, unit, goal: '≤ 0.5 %', met: empty <= 0.5 },
      {
        what: '… with 10,000 objects, 2,000 of them running pods on 20 fake nodes',
        value: full,
        unit,
        goal: '≤ 0.5 %',
        met: full <= 0.5,
      },
    ];
  },
};

async function percentOf(id: number): Promise<number> {
  await seconds(settle);
  const before = processorSecondsOf(id);
  await seconds(rest);
  return (100 * (processorSecondsOf(id) - before)) / rest;
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

async function createApp(target: Target, number: number): Promise<void> {
  const name = `app-${number}`;
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'busybox:1.36' }] } };
  await create(target, `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template },
  });
  await create(target, `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  for (let index = 0; index < configMaps; index++)
    await create(target, `/api/v1/namespaces/${namespace}/configmaps`, {
      metadata: { name: `${name}-${index}` },
      data: { text: 'x'.repeat(700) },
    });
}

async function create(target: Target, path: string, object: object): Promise<void> {
  const { status } = await call(target, { method: 'POST', path, headers, body: JSON.stringify(object) });
  if (status !== 201) throw new Error(`a create was answered with ${status}`);
}

async function running(target: Target): Promise<number> {
  const { body } = await call(target, { path: `/apis/apps/v1/namespaces/${namespace}/deployments` });
  const { items } = body as { items: { status: { readyReplicas?: number } }[] };
  return items.reduce((sum, { status }) => sum + (status.readyReplicas ?? 0), 0);
}
