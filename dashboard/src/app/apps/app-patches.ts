/** What start, stop, restart and scale write: merge patches, pure. */
import type { App } from './app';

export const stoppedAnnotations = ['naru.dev/stopped-replicas', 'naru.dev/stopped-by', 'naru.dev/stopped-at'] as const;

export interface Intent {
  readonly user: string;
  /** RFC 3339. */
  readonly at: string;
}

type Annotations = Record<string, string | null>;

/** Says that a person did this, so that no alert takes it for a failure. */
function changed({ user, at }: Intent): Annotations {
  return { 'naru.dev/changed-by': user, 'naru.dev/changed-at': at };
}

const forgetStop: Annotations = Object.fromEntries(stoppedAnnotations.map((name) => [name, null]));

/** No instances, and a note of how many there were. */
export function stopPatch(app: Pick<App, 'desired'>, intent: Intent): object {
  const [replicas, by, at] = stoppedAnnotations;
  return {
    metadata: {
      annotations: {
        ...changed(intent),
        [replicas]: String(Math.max(app.desired, 1)),
        [by]: intent.user,
        [at]: intent.at,
      },
    },
    spec: { replicas: 0 },
  };
}

/** As many instances as there were when it was stopped. */
export function startPatch(app: Pick<App, 'stopped'>, intent: Intent): object {
  return {
    metadata: { annotations: { ...changed(intent), ...forgetStop } },
    spec: { replicas: app.stopped?.replicas ?? 1 },
  };
}

/** A number of instances; a scaled app is not a stopped one. */
export function scalePatch(replicas: number, intent: Intent): object {
  return { metadata: { annotations: { ...changed(intent), ...forgetStop } }, spec: { replicas } };
}

/** New instances one after another, as `kubectl rollout restart` does. */
export function restartPatch(intent: Intent): object {
  return {
    metadata: { annotations: changed(intent) },
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': intent.at } } } },
  };
}

/** Changes of one container of the template: a strategic merge patch, which finds containers by name. */
export function containerPatch(container: string, change: object, intent: Intent): object {
  return {
    metadata: { annotations: changed(intent) },
    spec: { template: { spec: { containers: [{ name: container, ...change }] } } },
  };
}

/** Another template in the place of this one: a JSON patch, because a merge would keep what the other does not have. */
export function templatePatch(annotated: boolean, template: object, intent: Intent): object[] {
  const pointer = (name: string) => `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [
    ...(annotated ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }]),
    ...Object.entries(changed(intent)).map(([name, value]) => ({ op: 'add', path: pointer(name), value })),
    { op: 'replace', path: '/spec/template', value: template },
  ];
}
