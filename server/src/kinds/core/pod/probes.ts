/** Probes and lifecycle hooks: what is asked or done, and how often. */
// Like validateProbe, validateHandler and validateLifecycle of pkg/apis/core/validation.
import type { V1HTTPGetAction, V1Lifecycle, V1LifecycleHandler } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkHTTPHeaderName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { validatePortNumberOrName } from './ports.ts';
import type { Container, Probe } from './pod-fields.ts';

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<Fields<V1LifecycleHandler>, 'sleep'>;

const nonNegative = 'must be greater than or equal to 0';

/** The probes of a container that may have them. */
export function validateProbes(container: Container, path: string, errors: FieldErrors): void {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  if (livenessProbe) {
    validateProbe(livenessProbe, `${path}.livenessProbe`, errors);
    requireOneSuccess(livenessProbe, `${path}.livenessProbe`, errors);
  }
  if (readinessProbe) {
    validateProbe(readinessProbe, `${path}.readinessProbe`, errors);
    if (readinessProbe.terminationGracePeriodSeconds !== undefined)
      errors.invalid(
        `${path}.readinessProbe.terminationGracePeriodSeconds`,
        readinessProbe.terminationGracePeriodSeconds,
        'must not be set for readinessProbes',
      );
  }
  if (startupProbe) {
    validateProbe(startupProbe, `${path}.startupProbe`, errors);
    requireOneSuccess(startupProbe, `${path}.startupProbe`, errors);
  }
}

const requireOneSuccess = ({ successThreshold = 0 }: Probe, path: string, errors: FieldErrors) => {
  if (successThreshold !== 1) errors.invalid(`${path}.successThreshold`, successThreshold, 'must be 1');
};

const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(probe: Probe, path: string, errors: FieldErrors): void {
  validateHandler(probe, undefined, path, errors);
  for (const field of counts) {
    const value = probe[field] ?? 0;
    if (value < 0) errors.invalid(`${path}.${field}`, value, nonNegative);
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0');
}

export function validateLifecycle(
  { postStart, preStop }: Fields<V1Lifecycle>,
  gracePeriod: number | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (postStart) validateHandler(postStart, gracePeriod, `${path}.postStart`, errors);
  if (preStop) validateHandler(preStop, gracePeriod, `${path}.preStop`, errors);
}

function validateHandler(handler: Handler, gracePeriod: number | undefined, path: string, errors: FieldErrors): void {
  let found = 0;
  const take = <Action>(
    field: keyof Handler,
    action: Action | undefined,
    validate: (action: Action, at: string) => void,
  ) => {
    if (!action) return;
    if (found++) errors.forbidden(`${path}.${field}`, 'may not specify more than 1 handler type');
    else validate(action, `${path}.${field}`);
  };
  take('exec', handler.exec, ({ command = [] }, at) => {
    if (!command.length) errors.required(`${at}.command`);
  });
  take('httpGet', handler.httpGet, (action, at) => validateHTTPGet(action, at, errors));
  take('tcpSocket', handler.tcpSocket, ({ port }, at) => validatePortNumberOrName(port, `${at}.port`, errors));
  take('grpc', handler.grpc, ({ port }, at) => validatePortNumberOrName(port, `${at}.port`, errors));
  take('sleep', handler.sleep, ({ seconds = 0 }, at) => {
    if (gracePeriod !== undefined && (seconds < 0 || seconds > gracePeriod))
      errors.invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`);
  });
  if (!found) errors.required(path, 'must specify a handler type');
}

function validateHTTPGet(action: Fields<V1HTTPGetAction>, path: string, errors: FieldErrors): void {
  if (!action.path) errors.required(`${path}.path`);
  validatePortNumberOrName(action.port, `${path}.port`, errors);
  if (action.scheme !== 'HTTP' && action.scheme !== 'HTTPS')
    errors.notSupported(`${path}.scheme`, action.scheme ?? '', ['HTTP', 'HTTPS']);
  for (const { name = '' } of action.httpHeaders ?? [])
    errors.invalidEach(`${path}.httpHeaders`, name, checkHTTPHeaderName(name));
}
