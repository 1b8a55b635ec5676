/** Claims for storage, and what makes a view of one. */
import type { ResourceRef } from '@naru/api/client/client';
import type { Informer } from '@naru/api/client/informer';
import type { KubeObject } from '@naru/api/object';
import type { ControllerContext } from '../runtime/define-controller.ts';
import * as resources from '../runtime/resources.ts';
import type { Observed } from './observed.ts';
import { appKey, claimKey, type Key } from './subjects.ts';
import type { AppSubject } from './views/app.ts';
import type { Claim, ClaimView, StorageClass } from './views/claim.ts';

const storageClasses: ResourceRef = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  scope: 'Cluster',
};

interface Volume extends KubeObject {
  spec?: { claimRef?: { namespace?: string; name?: string } };
  status?: { phase?: string };
}

export class ObservedClaims {
  readonly #apps: Observed;
  readonly #claims: Informer<Claim> | undefined;
  readonly #volumes: Informer<Volume> | undefined;
  readonly #classes: Informer<StorageClass> | undefined;

  constructor({ informers, config }: ControllerContext, apps: Observed) {
    this.#apps = apps;
    // A kind that nobody serves would be waited for.
    const served = <T extends KubeObject>(ref: ResourceRef): Informer<T> | undefined =>
      config.catalog.list().some(({ group, plural }) => group === ref.group && plural === ref.plural)
        ? informers.for<T>(ref)
        : undefined;
    this.#claims = served<Claim>(resources.persistentVolumeClaims);
    this.#volumes = served<Volume>(resources.persistentVolumes);
    this.#classes = served<StorageClass>(storageClasses);
  }

  listen(changed: (key: Key) => void): void {
    const about = ({ metadata }: Claim) => changed(claimKey(metadata.namespace ?? '', metadata.name ?? ''));
    const of = ({ spec }: Volume) => {
      const { namespace, name } = spec?.claimRef ?? {};
      if (namespace && name) changed(claimKey(namespace, name));
    };
    this.#claims?.listen({ add: about, update: about, delete: about });
    this.#volumes?.listen({ add: of, update: of, delete: of });
  }

  view(namespace: string, name: string): ClaimView | undefined {
    const claim = this.#claims?.get(`${namespace}/${name}`);
    if (!claim) return undefined;
    const { storageClassName, volumeName } = claim.spec ?? {};
    return {
      claim,
      storageClass: storageClassName ? this.#classes?.get(storageClassName) : undefined,
      volumePhase: volumeName ? this.#volumes?.get(volumeName)?.status?.phase : undefined,
      apps: claim.status?.phase === 'Bound' ? [] : this.#users(namespace, name),
    };
  }

  #users(namespace: string, name: string): AppSubject[] {
    const users = this.#apps
      .podsIn(namespace)
      .filter(({ spec }) =>
        spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name),
      )
      .map((pod) => this.#apps.appOf(pod));
    return [...new Map(users.map((app) => [appKey(app), app])).values()];
  }
}
