/** Finding pods by who controls them, without looking through all pods. */
import type { Informer } from '@naru/api/client/informer';
import type { KubeObject } from '@naru/api/object';
import { controllerOf } from './owners.ts';

const index = 'controller';

const orphansOf = (namespace: string | undefined) => `orphans/${namespace ?? ''}`;

/** To be called before the informer is asked. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(index, (object) => [controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace)]);
}

export const controlledBy = <T extends KubeObject>(informer: Informer<T>, uid: string | undefined): T[] =>
  informer.byIndex(index, uid ?? '');

/** Those that nobody controls. */
export const orphansIn = <T extends KubeObject>(informer: Informer<T>, namespace: string | undefined): T[] =>
  informer.byIndex(index, orphansOf(namespace));
