/** The pod of a Job, or of one of its indexes. */
import { podFromTemplate } from '../runtime/pod-control.ts';
import type { Container, Pod } from '../runtime/pod.ts';
import { jobs } from '../runtime/resources.ts';
import { failureCountKey, indexKey, trackingFinalizer, type Job } from './job.ts';
import type { NewPod } from './plan.ts';

const indexVariable = 'JOB_COMPLETION_INDEX';
const longestHostname = 63;

type WithEnvironment = Container & { env?: { name: string; valueFrom?: object }[] };

function withIndexVariable(container: WithEnvironment): WithEnvironment {
  if (container.env?.some(({ name }) => name === indexVariable)) return container;
  const valueFrom = { fieldRef: { fieldPath: `metadata.labels['${indexKey}']` } };
  return { ...container, env: [...(container.env ?? []), { name: indexVariable, valueFrom }] };
}

export function jobPod(job: Job, { index, failures }: NewPod): Pod {
  const pod = podFromTemplate(job.spec.template, { object: job, resource: jobs });
  const { metadata, spec } = pod;
  const tracked = { ...metadata, finalizers: [...(metadata.finalizers ?? []), trackingFinalizer] };
  const restartPolicy = job.spec.podFailurePolicy ? 'Never' : spec.restartPolicy;
  if (index === undefined) return { ...pod, metadata: tracked };
  const { initContainers } = spec;
  const name = job.metadata.name ?? '';
  return {
    ...pod,
    metadata: {
      ...tracked,
      generateName: `${name}-${index}-`,
      labels: { ...metadata.labels, [indexKey]: String(index) },
      annotations: {
        ...metadata.annotations,
        [indexKey]: String(index),
        ...(failures !== undefined && { [failureCountKey]: String(failures) }),
      },
    },
    spec: {
      ...spec,
      ...(restartPolicy && { restartPolicy }),
      hostname: `${name}-${index}`.slice(0, longestHostname),
      containers: spec.containers.map(withIndexVariable),
      ...(initContainers && { initContainers: initContainers.map(withIndexVariable) }),
    },
  };
}
