/** Rules about what comes and goes. */
import type { Rule } from '../rule.ts';
import type { AppView } from '../views/app.ts';
import type { MachineView } from '../views/machine.ts';
import { podName } from '../views/pod.ts';
import { rollBack } from './suggest.ts';

/** Away and back again is two changes: more than six of them are at least four times away. */
const mostAppLosses = 3;
const mostMachineLosses = 1;

export const flapping: Rule<AppView> = {
  number: 13,
  name: 'Flapping',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 900,
  role: 'consequence',
  restsAfterChange: true,
  condition: 'instances became ready or unready more than 6 times in 15 minutes',
  message: { en: '{app} keeps going up and down', ko: '{app} 상태가 계속 바뀜' },
  find(view) {
    const { name, wanted, losses, troubled } = view;
    if (!wanted || losses <= mostAppLosses) return [];
    const [first] = troubled;
    return [
      {
        params: { app: name, times: String(losses) },
        instances: troubled.map(podName),
        ...(first && { witness: { pod: podName(first) } }),
        fixes: [{ code: 'edit-health-check' }, ...rollBack(view)],
      },
    ];
  },
};

export const machineFlapping: Rule<MachineView> = {
  number: 24,
  name: 'MachineFlapping',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 900,
  role: 'consequence',
  condition: 'the connection to a machine was lost more than once in 15 minutes',
  message: { en: '{machine} connection is unstable', ko: '{machine} 연결 불안정' },
  find({ name, losses }) {
    if (losses <= mostMachineLosses) return [];
    return [
      {
        params: { machine: name, times: String(losses) },
        fixes: [{ code: 'show-machine', params: { machine: name } }],
      },
    ];
  },
};
