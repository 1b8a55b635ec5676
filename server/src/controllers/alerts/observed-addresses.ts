/** Services, and what makes a view of one. */
import type { Informer } from '@naru/api/client/informer';
import type { ControllerContext } from '../runtime/define-controller.ts';
import * as resources from '../runtime/resources.ts';
import type { Observed } from './observed.ts';
import { appKey, serviceKey, type Key } from './subjects.ts';
import { matches, readyTargets, type AddressView, type EndpointSlice, type Service } from './views/address.ts';
import { changeOf, type AppSubject, type Workload } from './views/app.ts';
import { isFinished, isGoing, isPartlyStopped, isReady } from './views/pod.ts';

const serviceName = 'kubernetes.io/service-name';
const byService = 'service';
/** An app that is made or found so soon after its service belongs to the same change. */
const settling = 60_000;

export class ObservedAddresses {
  readonly #apps: Observed;
  readonly #services: Informer<Service>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #unmatchedSince = new Map<string, number>();

  constructor({ informers }: ControllerContext, apps: Observed) {
    this.#apps = apps;
    this.#services = informers.for<Service>(resources.services);
    this.#slices = informers.for<EndpointSlice>(resources.endpointSlices);
    this.#slices.addIndex(byService, ({ metadata }) => [
      `${metadata.namespace}/${metadata.labels?.[serviceName] ?? ''}`,
    ]);
  }

  listen(changed: (key: Key) => void): void {
    const about = ({ metadata }: Service) => changed(serviceKey(metadata.namespace ?? '', metadata.name ?? ''));
    const of = ({ metadata }: EndpointSlice) => {
      const name = metadata.labels?.[serviceName];
      if (name) changed(serviceKey(metadata.namespace ?? '', name));
    };
    this.#services.listen({
      add: about,
      update: about,
      delete: (service) => {
        this.#unmatchedSince.delete(`${service.metadata.namespace}/${service.metadata.name}`);
        about(service);
      },
    });
    this.#slices.listen({ add: of, update: of, delete: of });
  }

  /** Keys of the services that select what has these labels: whether they lead anywhere hangs on it. */
  selecting(namespace: string, labels: Readonly<Record<string, string>>): Key[] {
    return this.#services.inNamespace(namespace).flatMap(({ metadata, spec }) => {
      const { selector = {} } = spec ?? {};
      const isMeant = Object.keys(selector).length > 0 && matches(selector, labels);
      return isMeant ? [serviceKey(namespace, metadata.name ?? '')] : [];
    });
  }

  view(namespace: string, name: string, now: number): AddressView | undefined {
    const service = this.#services.get(`${namespace}/${name}`);
    if (!service) return undefined;
    const targets = readyTargets(this.#slices.byIndex(byService, `${namespace}/${name}`), service);
    const { selector = {} } = service.spec ?? {};
    if (targets > 0) this.#unmatchedSince.delete(`${namespace}/${name}`);
    if (targets > 0 || Object.keys(selector).length === 0)
      return { service, targets, ready: 0, apps: [], wanted: 0, isDeserted: false, alternative: undefined };
    const selected = this.#selected(namespace, selector);
    const isDeserted = this.#isDeserted(service, selected.apps.length === 0, now);
    return { service, targets, ...selected, isDeserted, alternative: this.#alternative(namespace, name) };
  }

  /** What was written selects nothing from the beginning; what selects nothing any more was left by its app. */
  #isDeserted(service: Service, isUnmatched: boolean, now: number): boolean {
    const key = `${service.metadata.namespace}/${service.metadata.name}`;
    if (!isUnmatched) {
      this.#unmatchedSince.delete(key);
      return false;
    }
    const changedAt = changeOf(service) ?? 0;
    const since = Math.max(this.#unmatchedSince.get(key) ?? now, changedAt);
    this.#unmatchedSince.set(key, since);
    return since - changedAt > settling;
  }

  #selected(namespace: string, selector: Record<string, string>): Pick<AddressView, 'ready' | 'apps' | 'wanted'> {
    const pods = this.#apps
      .podsIn(namespace)
      .filter((pod) => matches(selector, pod.metadata.labels) && !isFinished(pod) && !isGoing(pod));
    const workloads = this.#apps
      .workloadsIn(namespace)
      .filter(({ workload }) => matches(selector, workload.spec?.template?.metadata?.labels));
    const apps = new Map<Key, AppSubject>();
    const counted = new Set(workloads.map(({ subject }) => appKey(subject)));
    for (const { subject } of workloads) apps.set(appKey(subject), subject);
    for (const pod of pods) apps.set(appKey(this.#apps.appOf(pod)), this.#apps.appOf(pod));
    const others = pods.filter((pod) => !counted.has(appKey(this.#apps.appOf(pod)))).length;
    const wanted = others + workloads.reduce((sum, { workload, subject }) => sum + wantedBy(subject.kind, workload), 0);
    return {
      apps: [...apps.values()],
      ready: pods.filter(isReady).length,
      wanted: Math.max(0, wanted - pods.filter(isPartlyStopped).length),
    };
  }

  /** The app that has the name of the service, or the only one there is. */
  #alternative(namespace: string, name: string): AddressView['alternative'] {
    const all = this.#apps.workloadsIn(namespace);
    const meant = all.find(({ subject }) => subject.name === name) ?? (all.length === 1 ? all[0] : undefined);
    const selector = meant?.workload.spec?.selector?.matchLabels;
    return meant && selector ? { app: meant.subject.name, selector } : undefined;
  }
}

const wantedBy = (kind: string, { spec, status }: Workload): number =>
  kind === 'DaemonSet' ? (status?.desiredNumberScheduled ?? 0) : (spec?.replicas ?? 1);
