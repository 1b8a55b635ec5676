/** A pod's runtime class says what it costs beside its containers, and on which nodes it can run. */
// Like plugin/pkg/admission/runtimeclass.
import type { V1RuntimeClass, V1Toleration } from '@kubernetes/client-node';
import { equalJson } from '@naru/api/json-object';
import { forbidden } from '@naru/api/status';
import { fieldsOf, type Fields, type ObjectFields } from '../../kinds/fields.ts';
import type { AdmissionPlugin } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { podToCreate, type PodFields } from './pod-fields.ts';

type PodSpec = NonNullable<PodFields['spec']>;
type RuntimeClass = ObjectFields<V1RuntimeClass>;
type Refuse = (why: string) => Error;

export const runtimeClass = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'RuntimeClass',
  mutate(attributes) {
    const pod = podToCreate(attributes);
    if (!pod?.spec) return;
    const refuse: Refuse = (why) => forbidden({ group: '', resource: 'pods' }, pod.metadata.name ?? '', why);
    const found = pod.spec.runtimeClassName ? classNamed(pod.spec.runtimeClassName, reader, refuse) : undefined;
    setOverhead(pod.spec, found, refuse);
    if (found?.scheduling) setScheduling(pod.spec, found.scheduling, refuse);
  },
});

function classNamed(name: string, reader: Reader, refuse: Refuse): RuntimeClass {
  const found = reader.find('runtimeclasses', '', name);
  if (!found) throw refuse(`pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return fieldsOf<V1RuntimeClass>(found);
}

function setOverhead(spec: PodSpec, found: RuntimeClass | undefined, refuse: Refuse): void {
  const fixed = found?.overhead?.podFixed;
  const given = Object.keys(spec.overhead ?? {}).length > 0;
  if (!fixed) {
    if (given) throw refuse('pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    return;
  }
  if (given && !equalJson(spec.overhead, fixed)) {
    throw refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  spec.overhead = fixed;
}

function setScheduling(spec: PodSpec, scheduling: NonNullable<RuntimeClass['scheduling']>, refuse: Refuse): void {
  const { nodeSelector = {}, tolerations = [] } = scheduling;
  const chosen = spec.nodeSelector ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) {
    const other = Object.hasOwn(chosen, key) ? chosen[key] : value;
    if (other !== value) {
      throw refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${other}`,
      );
    }
  }
  if (Object.keys(nodeSelector).length) spec.nodeSelector = { ...chosen, ...nodeSelector };
  const present: Fields<V1Toleration>[] = spec.tolerations ?? [];
  const missing = tolerations.filter((toleration) => !present.some((other) => equalJson(other, toleration)));
  if (missing.length) spec.tolerations = [...present, ...missing];
}
