/** 5,000 bare pods on 100 fake nodes: how fast they are bound. */
import { eventually } from '../../harness/eventually.ts';
import { call, type Target } from '../../harness/target.ts';
import { benchNamespace } from '../bench-namespace.ts';
import type { Row } from '../row.ts';

const count = 5000;
const namespace = 'bench-scheduling';
const json = { 'content-type': 'application/json' };

export const scheduling: Row = {
  name: 'scheduling',
  nodes: 100,
  async measure({ target }) {
    await benchNamespace(target, namespace);
    const started = performance.now();
    let next = 0;
    const client = async () => {
      while (next < count) await createPod(target, next++);
    };
    await Promise.all(Array.from({ length: 64 }, client));
    await eventually(async () => (await unbound(target)) === 0, { seconds: 120, what: 'all pods bound' });
    const perSecond = count / ((performance.now() - started) / 1000);
    return [
      {
        what: `scheduling ${count} pods on 100 fake nodes, creates included`,
        value: perSecond,
        unit: 'pods/s',
        goal: '≥ 1,000 pods/s',
        met: perSecond >= 1000,
      },
    ];
  },
};

async function createPod(target: Target, index: number): Promise<void> {
  const body = JSON.stringify({
    metadata: { name: `pod-${index}` },
    spec: { containers: [{ name: 'c', image: 'busybox:1.36' }] },
  });
  const { status } = await call(target, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods`,
    headers: json,
    body,
  });
  if (status !== 201) throw new Error(`a pod was answered with ${status}`);
}

async function unbound(target: Target): Promise<number> {
  const { body } = await call(target, {
    path: `/api/v1/namespaces/${namespace}/pods?fieldSelector=spec.nodeName%3D&limit=1`,
  });
  return (body as { items: unknown[] }).items.length;
}
