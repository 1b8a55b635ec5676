/** A second start of the whole: until /readyz answers; and what it weighs when it rests. */
import { eventually } from '../../harness/eventually.ts';
import { programsOf } from '../../harness/processes.ts';
import { call } from '../../harness/target.ts';
import { megabytesOf, processorSecondsOf } from '../memory.ts';
import type { Row } from '../row.ts';

/** Seconds of rest before memory and processor time are read. */
const rest = 60;

export const startAndRest: Row = {
  name: 'start',
  async measure({ target }) {
    const ids = async () => [
      ...(await programsOf(target.dataDirectory, 'server')),
      ...(await programsOf(target.dataDirectory, 'kubelet-lite')),
    ];
    await new Promise((resolve) => setTimeout(resolve, rest * 1000));
    const processes = await ids();
    const megabytes = megabytesOf(processes);
    const before = processes.map(processorSecondsOf);
    await new Promise((resolve) => setTimeout(resolve, rest * 1000));
    const used = processes
      .map((id, index) => processorSecondsOf(id) - before[index]!)
      .reduce((sum, value) => sum + value, 0);
    const percent = (100 * used) / rest;
    const [server] = await programsOf(target.dataDirectory, 'server');
    const started = performance.now();
    process.kill(server!, 'SIGKILL');
    await eventually(async () => (await programsOf(target.dataDirectory, 'server')).some((id) => id !== server), {
      what: 'another server process',
    });
    const launched = performance.now();
    await eventually(async () => (await call(target, { path: '/readyz' })).status === 200, { what: 'readyz' });
    const seconds = (performance.now() - launched) / 1000;
    return [
      {
        what: 'memory at rest, server and agent',
        value: megabytes,
        unit: 'MB',
        goal: '≤ 150 MB',
        met: megabytes <= 150,
      },
      { what: 'processor at rest', value: percent, unit: '% of a core', goal: '≤ 0.5 %', met: percent <= 0.5 },
      { what: 'server process to /readyz', value: seconds, unit: 's', goal: '≤ 1.5 s', met: seconds <= 1.5 },
      {
        what: 'kill -9 to /readyz (the launcher rests 1 s)',
        value: (performance.now() - started) / 1000,
        unit: 's',
        goal: '',
        met: true,
      },
    ];
  },
};
