/** What the rules about apps that serve badly or not at all say of which views. */
import { app, ended, exits, pod, running, waiting, type Row } from '../views.ts';

export const servingRows: readonly Row[] = [
  ['AppDown', 'none of two is ready', app({ pods: [pod(), pod({ name: 'web-2' })] }), 'critical'],
  ['AppDown', 'one of two is ready', app({ pods: [pod({ ready: true }), pod()] }), undefined],
  ['AppDown', 'scaled to nothing', app({ pods: [], replicas: 0 }), undefined],
  ['AppDegraded', 'one of two is ready', app({ pods: [pod({ ready: true }), pod()] }), 'warning'],
  ['AppDegraded', 'none is ready', app({ pods: [pod()] }), undefined],
  [
    'CrashLooping',
    'the only instance backs off',
    app({ pods: [pod({ status: waiting('CrashLoopBackOff') })] }),
    'critical',
  ],
  [
    'CrashLooping',
    'one of two backs off',
    app({ pods: [pod({ status: waiting('CrashLoopBackOff') }), pod({ ready: true })] }),
    'warning',
  ],
  [
    'CrashLooping',
    'three ends in 10 minutes',
    app({ pods: [pod({ status: { ...running, ...ended('Error', 1) } })], exits: exits(3) }),
    'critical',
  ],
  [
    'CrashLooping',
    'two ends in 10 minutes',
    app({ pods: [pod({ status: { ...running, ...ended('Error', 1) } })], exits: exits(2) }),
    undefined,
  ],
  [
    'CrashLooping',
    'memory is the reason',
    app({ pods: [pod({ status: { ...waiting('CrashLoopBackOff'), ...ended('OOMKilled', 137) } })] }),
    undefined,
  ],
  [
    'OutOfMemoryKilled',
    'once',
    app({ pods: [pod({ status: ended('OOMKilled', 137) })], exits: exits(1, 'OOMKilled') }),
    'warning',
  ],
  [
    'OutOfMemoryKilled',
    'three times',
    app({ pods: [pod({ status: ended('OOMKilled', 137) })], exits: exits(3, 'OOMKilled') }),
    'critical',
  ],
  ['OutOfMemoryKilled', 'long ago', app({ pods: [pod({ status: ended('OOMKilled', 137) })] }), undefined],
  ['InstanceNotReady', 'it runs and is not ready', app({ pods: [pod({ status: running })] }), 'warning'],
  ['InstanceNotReady', 'it does not run', app({ pods: [pod({ status: waiting('CrashLoopBackOff') })] }), undefined],
  ['StuckDeleting', 'its grace is over', app({ pods: [pod({ deletedAgo: 0 })] }), 'warning'],
  [
    'RolloutStuck',
    'the deadline passed',
    app({
      pods: [pod()],
      workload: {
        status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
      },
    }),
    'warning',
  ],
  [
    'RolloutStuck',
    'it progresses',
    app({ pods: [pod()], workload: { status: { conditions: [{ type: 'Progressing', status: 'True' }] } } }),
    undefined,
  ],
  ['Flapping', 'four times away', app({ pods: [pod({ ready: true })], losses: 4 }), 'warning'],
  ['Flapping', 'three times away', app({ pods: [pod({ ready: true })], losses: 3 }), undefined],
];
