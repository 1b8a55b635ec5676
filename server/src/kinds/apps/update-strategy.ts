/** How a DaemonSet may replace its pods: so many fewer, or so many more. */
// Like ValidateDaemonSetUpdateStrategy of pkg/apis/apps/validation.
import type { V1DaemonSetUpdateStrategy } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import type { Fields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { isZeroAmount, validateAmount, validateAtMostAll } from './int-or-percent.ts';

type Strategy = Fields<V1DaemonSetUpdateStrategy>;

const path = 'spec.updateStrategy';

export function validateUpdateStrategy(strategy: Strategy, errors: FieldErrors): void {
  const { type = '', rollingUpdate } = strategy;
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate')
    return errors.notSupported(path, goStruct(strategy, 'k8s.io.api.apps.v1.DaemonSetUpdateStrategy'), [
      'RollingUpdate',
      'OnDelete',
    ]);
  if (!rollingUpdate) return errors.required(`${path}.rollingUpdate`);
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const [unavailablePath, surgePath] = [`${path}.rollingUpdate.maxUnavailable`, `${path}.rollingUpdate.maxSurge`];
  validateAmount(maxUnavailable, unavailablePath, errors);
  validateAmount(maxSurge, surgePath, errors);
  validateAtMostAll(maxUnavailable, unavailablePath, errors);
  validateAtMostAll(maxSurge, surgePath, errors);
  const [fewer, more] = [!isZeroAmount(maxUnavailable), !isZeroAmount(maxSurge)];
  if (fewer && more) errors.invalid(surgePath, maxSurge, 'may not be set when maxUnavailable is non-zero');
  if (!fewer && !more) errors.required(unavailablePath, 'cannot be 0 when maxSurge is 0');
}
