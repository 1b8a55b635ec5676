/** What the whole weighs when it rests, and a second start of the server until /readyz answers. */
import { programsOf } from '../../harness/processes.ts';
import { megabytesOf, processorSecondsOf } from '../memory.ts';
import type { Row } from '../row.ts';
import { timeToReady } from '../time-to-ready.ts';

/** Seconds of rest before memory is read, and again while processor time is. */
const rest = 60;

export const startAndRest: Row = {
  name: 'start',
  async measure({ target, server }) {
    const { dataDirectory } = target;
    const resting = () => new Promise((resolve) => setTimeout(resolve, rest * 1000));
    await resting();
    const ids = [...(await programsOf(dataDirectory, 'server')), ...(await programsOf(dataDirectory, 'kubelet-lite'))];
    const megabytes = megabytesOf(ids);
    const used = () => ids.map(processorSecondsOf).reduce((sum, value) => sum + value, 0);
    const before = used();
    await resting();
    const percent = (100 * (used() - before)) / rest;
    const { seconds, sinceKill, processorSeconds } = await timeToReady(target, server);
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
        what: '… processor time',
        value: processorSeconds,
        unit: 's',
        goal: '≤ 1.5 s',
        met: processorSeconds <= 1.5,
      },
      { what: 'kill -9 to /readyz (the launcher rests 1 s)', value: sinceKill, unit: 's', goal: '', met: true },
    ];
  },
};
