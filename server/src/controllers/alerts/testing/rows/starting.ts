/** What the rules about containers that cannot start say of which views. */
import { app, pod, roomOf, running, short, unschedulable, waiting, type Row } from '../views.ts';

export const startingRows: readonly Row[] = [
  ['ImagePullFailed', 'no instance is ready', app({ pods: [pod({ status: waiting('ErrImagePull') })] }), 'critical'],
  [
    'ImagePullFailed',
    'another is ready',
    app({ pods: [pod({ status: waiting('ImagePullBackOff') }), pod({ ready: true })] }),
    'warning',
  ],
  ['ImagePullFailed', 'an impossible name', app({ pods: [pod({ status: waiting('InvalidImageName') })] }), 'critical'],
  ['ImagePullFailed', 'creating', app({ pods: [pod({ status: waiting('ContainerCreating') })] }), undefined],
  [
    'ContainerConfigError',
    'something is missing',
    app({ pods: [pod({ status: waiting('CreateContainerConfigError', 'secret "x" not found') })] }),
    'warning',
  ],
  ['ContainerConfigError', 'creating', app({ pods: [pod({ status: waiting('ContainerCreating') })] }), undefined],
  [
    'CannotPlace',
    'memory is short',
    app({ pods: [pod({ phase: 'Pending', conditions: [unschedulable(short)] })] }),
    'warning',
  ],
  [
    'CannotPlace',
    'all machines are cordoned',
    app({
      pods: [
        pod({
          phase: 'Pending',
          conditions: [unschedulable('0/2 nodes are available: 2 node(s) were unschedulable. no new claims')],
        }),
      ],
      room: roomOf(0, 0, ['m1', 'm2']),
    }),
    'info',
  ],
  [
    'CannotPlace',
    'one of two is cordoned',
    app({
      pods: [
        pod({
          phase: 'Pending',
          conditions: [unschedulable('0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.')],
        }),
      ],
    }),
    'warning',
  ],
  ['CannotPlace', 'placed', app({ pods: [pod()] }), undefined],
  [
    'StuckStarting',
    'its container is not made',
    app({ pods: [pod({ phase: 'Pending', status: waiting('ContainerCreating') })] }),
    'warning',
  ],
  ['StuckStarting', 'it runs', app({ pods: [pod({ status: running })] }), undefined],
];
