/** 10,000 pods: stored by 64 clients, listed, deleted with their namespace; and the server's memory with them. */
import { call, type Target } from '../../harness/target.ts';
import { eventually } from '../../harness/eventually.ts';
import { megabytesOf, processorSecondsOf } from '../memory.ts';
import { benchNamespace } from '../bench-namespace.ts';
import { generateLoad } from '../load.ts';
import type { Measure, Row } from '../row.ts';
import { withBareHttps } from '../with-bare-https.ts';

const count = 10_000;
const namespace = 'bench-pods';
const pods = `/api/v1/namespaces/${namespace}/pods`;
const json = { 'content-type': 'application/json' };

// No scheduler takes them, so what is measured is the API alone.
const podNamed = (name: string) => ({
  metadata: { name, labels: { app: 'bench' } },
  spec: {
    schedulerName: 'nobody',
    containers: [
      {
        name: 'c',
        image: 'busybox:1.36',
        command: ['sleep', '1000'],
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
      },
    ],
  },
});

export const tenThousandPods: Row = {
  name: 'pods',
  async measure({ target, server, token, directory }) {
    const measures: Measure[] = [];
    const id = await server();
    await benchNamespace(target, namespace);
    const before = processorSecondsOf(id);
    const started = performance.now();
    await createAll(target);
    const perSecond = count / ((performance.now() - started) / 1000);
    const processorTime = ((processorSecondsOf(id) - before) / count) * 1e6;
    measures.push({
      what: `storing ${count} pods, 64 clients`,
      value: perSecond,
      unit: '/s',
      goal: '≥ 4,000/s',
      met: perSecond >= 4000,
    });
    measures.push({
      what: '… processor time a pod',
      value: processorTime,
      unit: 'µs',
      goal: '≤ 250 µs',
      met: processorTime <= 250,
    });

    const { bytes, milliseconds } = await listTime(target);
    const url = new URL(pods, target.server).href;
    const list = await generateLoad({ url, token, clients: 1, seconds: 5, directory });
    const bare = await withBareHttps(target.dataDirectory, bytes, (bareUrl) =>
      generateLoad({ url: bareUrl, clients: 1, seconds: 5, directory }),
    );
    measures.push({
      what: `LIST of ${count} pods (${(bytes / 1e6).toFixed(0)} MB), median`,
      value: list.p50,
      unit: 'ms',
      yardstick: { what: 'writing the same bytes bare', value: bare.p50 },
      goal: '≤ 90 ms; ≤ 125 % of bare',
      met: list.p50 <= 90 || list.p50 <= 1.25 * bare.p50,
    });
    measures.push({ what: '… first', value: milliseconds, unit: 'ms', goal: '', met: true });
    const megabytes = megabytesOf([id]);
    measures.push({
      what: 'the server after listing them',
      value: megabytes,
      unit: 'MB',
      goal: '≤ 400 MB',
      met: megabytes <= 400,
    });
    measures.push(await deletion(target));
    return measures;
  },
};

async function createAll(target: Target): Promise<void> {
  let next = 0;
  const client = async () => {
    while (next < count) {
      const body = JSON.stringify(podNamed(`pod-${next++}`));
      const { status } = await call(target, { method: 'POST', path: pods, headers: json, body });
      if (status !== 201) throw new Error(`a pod was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, client));
}

async function listTime(target: Target): Promise<{ bytes: number; milliseconds: number }> {
  const started = performance.now();
  const { body } = await call(target, { path: pods });
  return { milliseconds: performance.now() - started, bytes: JSON.stringify(body).length };
}

async function deletion(target: Target): Promise<Measure> {
  const started = performance.now();
  await call(target, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
  const gone = async () => (await call(target, { path: `/api/v1/namespaces/${namespace}` })).status === 404;
  await eventually(gone, { seconds: 120, what: 'the namespace to go' });
  const seconds = (performance.now() - started) / 1000;
  return {
    what: `deleting a namespace with ${count} pods`,
    value: seconds,
    unit: 's',
    goal: '≤ 8 s',
    met: seconds <= 8,
  };
}
