/** Ports of containers. */
// Like validateContainerPorts, AccumulateUniqueHostPorts and ValidatePortNumOrName of pkg/apis/core/validation.
import type { IntOrString, V1ContainerPort } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkPortName, checkPortNumber } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import type { Container } from './pod-fields.ts';

export const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateContainerPorts(
  ports: readonly Fields<V1ContainerPort>[],
  path: string,
  errors: FieldErrors,
): void {
  const names = new Set<string>();
  ports.forEach(({ name = '', containerPort = 0, hostPort = 0, protocol = '' }, index) => {
    const portPath = `${path}[${index}]`;
    if (name) validatePortName(name, names, `${portPath}.name`, errors);
    if (!containerPort) errors.required(`${portPath}.containerPort`);
    else errors.invalidEach(`${portPath}.containerPort`, containerPort, checkPortNumber(containerPort));
    if (hostPort) errors.invalidEach(`${portPath}.hostPort`, hostPort, checkPortNumber(hostPort));
    validateProtocol(protocol, `${portPath}.protocol`, errors);
  });
}

function validatePortName(name: string, names: Set<string>, path: string, errors: FieldErrors): void {
  const messages = checkPortName(name);
  errors.invalidEach(path, name, messages);
  if (messages.length) return;
  if (names.has(name)) errors.duplicate(path, name);
  names.add(name);
}

export function validateProtocol(protocol: string, path: string, errors: FieldErrors): void {
  if (!protocol) errors.required(path);
  else if (!protocols.includes(protocol)) errors.notSupported(path, protocol, protocols);
}

/** No two ports of `containers` may take the same port of the node. */
export function validateHostPortConflicts(containers: readonly Container[], path: string, errors: FieldErrors): void {
  const taken = new Set<string>();
  containers.forEach(({ ports = [] }, container) =>
    ports.forEach(({ protocol = '', hostIP = '', hostPort = 0 }, index) => {
      if (!hostPort) return;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) errors.duplicate(`${path}[${container}].ports[${index}].hostPort`, key);
      taken.add(key);
    }),
  );
}

/** A port by number, or by the name of a container's port; absent is 0. */
export function validatePortNumberOrName(port: IntOrString | undefined, path: string, errors: FieldErrors): void {
  if (typeof port === 'string') errors.invalidEach(path, port, checkPortName(port));
  else errors.invalidEach(path, port ?? 0, checkPortNumber(port ?? 0));
}
