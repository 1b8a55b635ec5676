/** Whoever takes an alert on signs with their own name. */
import { forbidden } from '@naru/api/status';
import { fieldsOf } from '../../kinds/fields.ts';
import type { AdmissionPlugin } from '../admission.ts';

interface AlertFields {
  status?: { acknowledged?: { by?: string } };
}

const alerts = { group: 'naru.dev', resource: 'alerts' };

export const alertAcknowledgement = (): AdmissionPlugin => ({
  name: 'AlertAcknowledgement',
  validate({ operation, kind, name, user, object, oldObject }) {
    if (operation !== 'UPDATE' || kind.group !== alerts.group || kind.plural !== alerts.resource) return;
    const by = object && fieldsOf<AlertFields>(object).status?.acknowledged?.by;
    const before = oldObject && fieldsOf<AlertFields>(oldObject).status?.acknowledged?.by;
    if (!by || by === before || by === user.name) return;
    throw forbidden(alerts, name, `status.acknowledged.by: it is ${user.name} who acknowledges`);
  },
});
