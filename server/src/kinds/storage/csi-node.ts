/** CSINode: which drivers a node has, and how they know the node. */
// Like pkg/registry/storage/csinode and ValidateCSINode.
import type { V1CSINode, V1CSINodeDriver } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { validateCSIDriverName } from '../core/volume-sources.ts';
import { defineKind } from '../define-kind.ts';
import { noCsiDrivers } from './no-csi-drivers.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';

type Driver = Fields<V1CSINodeDriver>;
const driversOf = (object: AnyObject): readonly Driver[] => fieldsOf<V1CSINode>(object).spec?.drivers ?? [];

const longestNodeID = 256;

export const csiNode = defineKind({
  group: 'storage.k8s.io',
  kind: 'CSINode',
  scope: 'Cluster',
  schema: 'k8s.io.api.storage.v1.CSINode',
  notActedOn: noCsiDrivers,
  returnsDeletedObject: true,
  allowUnconditionalUpdate: false,

  validate: (object) => validateDrivers(driversOf(object)).list,

  validateUpdate(object, old) {
    const errors = validateDrivers(driversOf(object));
    for (const before of driversOf(old))
      for (const driver of driversOf(object))
        if (driver.name === before.name && !sameDriver(driver, before))
          errors.invalid(
            'CSINodeDriver',
            goStruct(driver, 'k8s.io.api.storage.v1.CSINodeDriver'),
            'field is immutable',
          );
    return errors.list;
  },

  columns: [{ name: 'Drivers', type: 'integer', value: (object) => driversOf(object).length }],

  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'example' },
    spec: { drivers: [] },
  },
});

/** How many volumes a node can take may change. */
const sameDriver = ({ allocatable: _a, ...driver }: Driver, { allocatable: _b, ...before }: Driver): boolean =>
  semanticallyEqual(driver, before);

function validateDrivers(drivers: readonly Driver[]): FieldErrors {
  const errors = new FieldErrors();
  const names = new Set<string>();
  drivers.forEach((driver, index) => {
    const path = `spec.drivers[${index}]`;
    const { name = '', nodeID = '', topologyKeys = [], allocatable } = driver;
    validateCSIDriverName(name, `${path}.name`, errors);
    validateNodeID(nodeID, `${path}.nodeID`, errors);
    const count = allocatable?.count;
    if (count !== undefined && count < 0)
      errors.invalid(`${path}.allocatable.count`, count, 'must be greater than or equal to 0');
    if (names.has(name)) errors.duplicate(`${path}.name`, name);
    names.add(name);
    validateTopologyKeys(topologyKeys, `${path}.topologyKeys`, errors);
  });
  return errors;
}

function validateNodeID(nodeID: string, path: string, errors: FieldErrors): void {
  if (!nodeID) errors.required(path);
  else if (Buffer.byteLength(nodeID) > longestNodeID)
    errors.invalid(path, nodeID, `must be ${longestNodeID} characters or less`);
}

function validateTopologyKeys(keys: readonly string[], path: string, errors: FieldErrors): void {
  const seen = new Set<string>();
  keys.forEach((key, index) => {
    if (!key) errors.required(path);
    if (seen.has(key)) errors.duplicate(path, key);
    seen.add(key);
    errors.invalidEach(`${path}[${index}]`, key, checkQualifiedName(key));
  });
}
