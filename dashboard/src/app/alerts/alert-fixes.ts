/** Carries out what an alert itself proposes, where its app's own cause does not. */
import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import { ApiClient } from '../cluster/api-client';
import { asFailure } from '../cluster/failure';
import { type Message, message } from '../i18n/message';
import { Notices } from '../ui/notices';
import type { Alert, AlertFix } from './alert';

@Injectable({ providedIn: 'root' })
export class AlertFixes {
  readonly #api = inject(ApiClient);
  readonly #router = inject(Router);
  readonly #notices = inject(Notices);

  async apply(alert: Alert, fix: AlertFix): Promise<void> {
    const label = fixLabel(fix);
    const { namespace = '' } = alert.metadata;
    const name = alert.spec.subject?.name ?? '';
    const machine = fix.params?.['machine'] ?? '';
    try {
      switch (fix.code) {
        case 'fix-selector':
          return await this.#selectApp(namespace, name, fix.params?.['selector'] ?? '{}');
        case 'raise-maximum': {
          const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`;
          const maxReplicas = Number(fix.params?.['maximum']);
          return void (await this.#api.patch(path, 'merge', { spec: { maxReplicas } }));
        }
        case 'uncordon':
          return void (await this.#api.patch(`/api/v1/nodes/${machine}`, 'merge', { spec: { unschedulable: null } }));
        case 'edit-service':
          return this.#open('core', 'v1', 'services', namespace, name);
        case 'edit-storage':
          return this.#open('core', 'v1', 'persistentvolumeclaims', namespace, name);
        case 'edit-quota':
          return this.#open('core', 'v1', 'resourcequotas', namespace, name);
        case 'edit-autoscaler':
          return this.#open('autoscaling', 'v2', 'horizontalpodautoscalers', namespace, name);
        case 'show-machine':
          return this.#open('core', 'v1', 'nodes', '-', machine);
      }
    } catch (error) {
      this.#notices.show({ message: label ?? message('action.details'), failure: asFailure(error) });
    }
  }

  /** The whole selector is another one: what it selected by before is not to be left in it. */
  async #selectApp(namespace: string, name: string, selector: string): Promise<void> {
    const value = JSON.parse(selector) as Record<string, string>;
    const patch = [{ op: 'replace', path: '/spec/selector', value }];
    await this.#api.patch(`/api/v1/namespaces/${namespace}/services/${name}`, 'json', patch);
  }

  #open(...place: string[]): void {
    void this.#router.navigate(['/resources', ...place]);
  }
}

/** Undefined for what this page cannot carry out: it is not offered. */
export function fixLabel({ code, params = {} }: AlertFix): Message | undefined {
  switch (code) {
    case 'fix-selector':
      return message('fix.selector', { app: params['app'] ?? '' });
    case 'raise-maximum':
      return message('fix.raiseMaximum', { maximum: params['maximum'] ?? '' });
    case 'uncordon':
      return message('fix.uncordon');
    case 'edit-service':
      return message('fix.editService');
    case 'edit-storage':
      return message('fix.editStorage');
    case 'edit-quota':
      return message('fix.editQuota');
    case 'edit-autoscaler':
      return message('fix.editAutoscaler');
    case 'show-machine':
      return message('fix.showMachine');
    default:
      return undefined;
  }
}
