/** Goes back to the version an app had before, as `kubectl rollout undo` does. */
import { Injectable, inject } from '@angular/core';
import { ApiClient } from '../cluster/api-client';
import { asFailure } from '../cluster/failure';
import type { KubernetesObject } from '../cluster/kubernetes-object';
import { message } from '../i18n/message';
import type { Workload } from '../kinds/workload';
import { Ask } from '../ui/ask';
import { Notices } from '../ui/notices';
import type { App } from './app';
import { AppActions } from './app-actions';

type Template = Workload['spec']['template'];

export interface ReplicaSet extends KubernetesObject {
  readonly spec: { readonly template: Template };
}

export interface Version {
  readonly revision: number;
  /** Without the label that names the replica set. */
  readonly template: Template;
}

@Injectable({ providedIn: 'root' })
export class AppRollback {
  readonly #api = inject(ApiClient);
  readonly #actions = inject(AppActions);
  readonly #ask = inject(Ask);
  readonly #notices = inject(Notices);

  async ask(app: App): Promise<void> {
    try {
      const path = `/apis/apps/v1/namespaces/${app.project}/replicasets`;
      const { items } = await this.#api.get<{ items: readonly ReplicaSet[] }>(path);
      const before = versionBefore(app.workload, items);
      if (!before) return void this.#notices.show({ message: message('rollback.none', { name: app.name }) });
      const images = before.template.spec.containers.map(({ image }) => image).join(', ');
      const answer = await this.#ask.confirm({
        title: message('rollback.title', { name: app.name, revision: before.revision }),
        text: message('rollback.text', { images }),
        confirm: message('remedy.rollback'),
        harmless: true,
      });
      if (answer) await this.#actions.useTemplate(app, before.template);
    } catch (error) {
      this.#notices.show({ message: message('remedy.rollback'), failure: asFailure(error) });
    }
  }
}

/** The version with the highest number below the newest; like pkg/polymorphichelpers/rollback.go. */
export function versionBefore(workload: Workload, sets: readonly ReplicaSet[]): Version | undefined {
  const versions = sets
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === workload.metadata.uid))
    .map(({ metadata, spec }) => ({
      revision: Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0),
      template: withoutHash(spec.template),
    }))
    .sort((a, b) => b.revision - a.revision);
  return versions[1];
}

function withoutHash(template: Template): Template {
  const labels = { ...template.metadata?.labels };
  delete labels['pod-template-hash'];
  return { ...template, metadata: { ...template.metadata, labels } };
}
