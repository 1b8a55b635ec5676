/** Finding the pods of a node without looking through all pods. */
import type { Informer } from '@naru/api/client/informer';
import type { Pod } from './pod.ts';

const index = 'node';

/** To be called before the informer is asked. */
export const indexByNode = (informer: Informer<Pod>): void =>
  informer.addIndex(index, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));

export const podsOn = (informer: Informer<Pod>, node: string): Pod[] => informer.byIndex(index, node);
