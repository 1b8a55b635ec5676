/** Acknowledges and silences alerts. */
import { Injectable, inject } from '@angular/core';
import { ApiClient } from '../cluster/api-client';
import { asFailure } from '../cluster/failure';
import { message } from '../i18n/message';
import { Session } from '../session/session';
import { Notices } from '../ui/notices';
import type { Alert } from './alert';

@Injectable({ providedIn: 'root' })
export class AlertActions {
  readonly #api = inject(ApiClient);
  readonly #session = inject(Session);
  readonly #notices = inject(Notices);

  acknowledge(alert: Alert): Promise<void> {
    return this.#write(alert, { acknowledged: { by: this.#session.userName(), at: new Date().toISOString() } });
  }

  /** Silences for some hours; none ends the silence. */
  silence(alert: Alert, hours: number): Promise<void> {
    const until = hours > 0 ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
    return this.#write(alert, { silencedUntil: until });
  }

  async #write(alert: Alert, status: object): Promise<void> {
    const { namespace = '', name } = alert.metadata;
    try {
      await this.#api.patch(`/apis/naru.dev/v1/namespaces/${namespace}/alerts/${name}/status`, 'merge', { status });
    } catch (error) {
      this.#notices.show({ message: message('alerts.notSaved'), failure: asFailure(error) });
    }
  }
}
