/** What goes with an app when it is deleted, and what stays. */
import { message } from '../i18n/message';
import type { Choice, ConfirmQuestion } from '../ui/confirm-dialog';
import type { App } from './app';

export interface Deletion {
  readonly question: ConfirmQuestion;
  /** The objects to delete, the app first, after these choices. */
  paths(chosen: ReadonlySet<string>): string[];
}

interface Companion extends Choice {
  readonly path: string;
}

export function deletionOf(app: App): Deletion {
  const companions = [...addresses(app), ...autoscaler(app), ...volumes(app)];
  return {
    question: {
      title: message('confirm.deleteApp', { name: app.name }),
      text: message(companions.length > 0 ? 'confirm.deleteAppText' : 'confirm.deleteAppAlone', {
        instances: app.pods.length,
      }),
      confirm: message('action.delete'),
      choices: companions,
    },
    paths: (chosen) => [app.path, ...companions.filter(({ id }) => chosen.has(id)).map(({ path }) => path)],
  };
}

function addresses(app: App): Companion[] {
  return app.services.map(({ metadata: { name } }) => ({
    id: `service-${name}`,
    label: message('confirm.address', { name }),
    checked: true,
    path: `/api/v1/namespaces/${app.project}/services/${name}`,
  }));
}

function autoscaler(app: App): Companion[] {
  const name = app.autoscaler?.metadata.name;
  if (name === undefined) return [];
  const path = `/apis/autoscaling/v2/namespaces/${app.project}/horizontalpodautoscalers/${name}`;
  return [{ id: `autoscaler-${name}`, label: message('confirm.autoscaler'), checked: true, path }];
}

/** Data is never ticked beforehand. */
function volumes(app: App): Companion[] {
  const claims = new Set(
    [app.workload.spec.template.spec, ...app.pods.map(({ spec }) => spec)]
      .flatMap(({ volumes = [] }) => volumes)
      .flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
  );
  return [...claims].map((name) => ({
    id: `volume-${name}`,
    label: message('confirm.volume', { name }),
    checked: false,
    path: `/api/v1/namespaces/${app.project}/persistentvolumeclaims/${name}`,
  }));
}
