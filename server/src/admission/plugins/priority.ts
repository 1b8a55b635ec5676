/** A pod's priority is a number that its class stands for. */
// Like plugin/pkg/admission/priority.
import type { V1PriorityClass } from '@kubernetes/client-node';
import { forbidden } from '@naru/api/status';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { podOf, podToCreate } from './pod-fields.ts';

const defaultPreemption = 'PreemptLowerPriority';

export const priority = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'Priority',
  mutate(attributes) {
    if (attributes.operation === 'UPDATE') return keepPriority(attributes);
    const pod = podToCreate(attributes);
    if (!pod?.spec) return;
    const { spec } = pod;
    const refuse = (why: string) => refusal(attributes, why);
    const found = spec.priorityClassName ? named(spec.priorityClassName, reader, refuse) : defaultClass(reader);
    const value = found?.value ?? 0;
    const policy = found?.preemptionPolicy ?? defaultPreemption;
    if (found) spec.priorityClassName = found.metadata.name!;
    if (spec.priority !== undefined && spec.priority !== value) {
      throw refuse(
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      throw refuse(
        `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    }
    spec.priority = value;
    spec.preemptionPolicy = policy;
  },
  validate({ operation, kind, name }) {
    if (operation !== 'DELETE' || kind.storagePrefix !== 'priorityclasses' || !name.startsWith(systemPrefix)) return;
    const why = 'this is a system priority class and cannot be deleted';
    throw forbidden({ group: kind.group, resource: kind.plural }, name, why);
  },
});

const systemPrefix = 'system-';

/** Who puts a pod as they once wrote it does not take its priority away; to change it is refused by validation. */
function keepPriority({ kind, subresource, object, oldObject }: Attributes): void {
  if (kind.storagePrefix !== 'pods' || subresource || !object || !oldObject) return;
  const { spec } = podOf(object);
  const { priority, preemptionPolicy } = podOf(oldObject).spec ?? {};
  if (!spec) return;
  if (priority !== undefined) spec.priority ??= priority;
  if (preemptionPolicy !== undefined) spec.preemptionPolicy ??= preemptionPolicy;
}

const refusal = ({ object }: Attributes, why: string) =>
  forbidden({ group: '', resource: 'pods' }, object?.metadata.name ?? '', why);

function named(name: string, reader: Reader, refuse: (why: string) => Error): ObjectFields<V1PriorityClass> {
  const found = reader.find('priorityclasses', '', name);
  if (!found) throw refuse(`no PriorityClass with name ${name} was found`);
  return fieldsOf<V1PriorityClass>(found);
}

/** Of several that want to be the default, the lowest is it. */
function defaultClass(reader: Reader): ObjectFields<V1PriorityClass> | undefined {
  let lowest: ObjectFields<V1PriorityClass> | undefined;
  for (const object of reader.all('priorityclasses')) {
    const candidate = fieldsOf<V1PriorityClass>(object);
    if (candidate.globalDefault && (lowest?.value ?? Infinity) > (candidate.value ?? 0)) lowest = candidate;
  }
  return lowest;
}
