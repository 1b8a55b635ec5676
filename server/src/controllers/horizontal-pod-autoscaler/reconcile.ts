/** Gives workloads as many pods as what they use asks for. */
// Like pkg/controller/podautoscaler/horizontal.go.
import type { ResourceRef } from '@naru/api/client/client';
import { keyOf } from '@naru/api/client/object-cache';
import { matchesLabels } from '@naru/api/label-selector';
import { parseLabelSelector } from '@naru/api/parse-label-selector';
import { isNotFound } from '@naru/api/status';
import { approximateNumber, parseQuantity } from '@naru/api/quantity';
import type { PodMetrics } from '../../kinds/metrics/index.ts';
import type { Node } from '../node-lifecycle/node.ts';
import { controllerUser, type Controller, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { horizontalPodAutoscalers, namespaces, nodes, podMetrics, pods } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { WorkQueue } from '../runtime/work-queue.ts';
import type {
  AutoscalerStatus,
  ConditionType,
  HorizontalPodAutoscaler,
  Judgement,
  Scale,
  ScalingRules,
} from './autoscaler.ts';
import { withJudgement } from './autoscaler.ts';
import { metricsProposal, type MetricsProposal } from './metrics-proposal.ts';
import { normalize } from './normalize.ts';
import { roomFor } from './room.ts';
import { ScalingMemory } from './scaling-memory.ts';

/** How often each autoscaler is looked at; nothing makes it sooner. */
const syncPeriod = 15_000;
const usualTolerance = 0.1;
const name = 'horizontal-pod-autoscaler';

export const horizontalPodAutoscaler: Controller = {
  name,
  user: controllerUser(name),
  component: name,
  setup: (context) => new Autoscalers(context).setup(),
};

/** Whom an autoscaler scales, as it stands. */
interface Target {
  resource: ResourceRef;
  scale: Scale;
  replicas: number;
}

class Autoscalers {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #memories = new Map<string, ScalingMemory>();
  /** Selectors of the targets of all autoscalers, by key: pods may have one autoscaler only. */
  readonly #selectors = new Map<string, string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    const { clock, log, signal } = context;
    this.#queue = new WorkQueue({
      clock,
      workers: 4,
      work: (key) => this.#sync(key),
      onError: (key, error) => log.error({ controller: name, key, err: error }, 'reconcile failed'),
    });
    context.queues?.add(name, this.#queue);
    signal.addEventListener('abort', () => this.#queue.stop(), { once: true });
  }

  setup(): () => void {
    const { informers } = this.#context;
    const later = (autoscaler: HorizontalPodAutoscaler) => this.#queue.addAfter(keyOf(autoscaler), syncPeriod);
    informers.for<HorizontalPodAutoscaler>(horizontalPodAutoscalers).listen({
      add: later,
      update: later,
      delete: (autoscaler) => {
        this.#memories.delete(keyOf(autoscaler));
        this.#selectors.delete(keyOf(autoscaler));
      },
    });
    for (const resource of [pods, nodes, namespaces]) informers.for(resource);
    return () => this.#queue.start();
  }

  async #sync(key: string): Promise<void> {
    const { informers } = this.#context;
    const autoscaler = informers.for<HorizontalPodAutoscaler>(horizontalPodAutoscalers).get(key);
    if (!autoscaler) return;
    try {
      await new Reconciliation(this.#context, autoscaler, this.#memories, this.#selectors).run();
    } finally {
      this.#queue.addAfter(key, syncPeriod);
    }
  }
}

/** One look at one autoscaler: gathers its status, and writes it when it is another. */
class Reconciliation {
  readonly #context: ControllerContext;
  readonly #autoscaler: HorizontalPodAutoscaler;
  readonly #memories: Map<string, ScalingMemory>;
  readonly #selectors: Map<string, string>;
  readonly #key: string;
  #status: AutoscalerStatus;

  constructor(
    context: ControllerContext,
    autoscaler: HorizontalPodAutoscaler,
    memories: Map<string, ScalingMemory>,
    selectors: Map<string, string>,
  ) {
    this.#context = context;
    this.#autoscaler = autoscaler;
    this.#memories = memories;
    this.#selectors = selectors;
    this.#key = keyOf(autoscaler);
    this.#status = autoscaler.status ?? { desiredReplicas: 0, currentMetrics: null };
  }

  async run(): Promise<void> {
    const target = await this.#target();
    if (target) await this.#scale(target);
    await this.#write();
  }

  async #target(): Promise<Target | undefined> {
    const { scaleTargetRef } = this.#autoscaler.spec;
    const { namespace } = this.#autoscaler.metadata;
    try {
      const resource = this.#resourceOf(scaleTargetRef);
      const scale = await this.#context.client.for(resource).getSubresource(scaleTargetRef.name, namespace, 'scale');
      this.#judge('AbleToScale', {
        status: 'True',
        reason: 'SucceededGetScale',
        message: "the HPA controller was able to get the target's current scale",
      });
      return { resource, scale: scale as Scale, replicas: (scale as Scale).spec?.replicas ?? 0 };
    } catch (error) {
      const { message } = error as Error;
      this.#tell('Warning', 'FailedGetScale', message);
      this.#judge('AbleToScale', {
        status: 'False',
        reason: 'FailedGetScale',
        message: `the HPA controller was unable to get the target's current scale: ${message}`,
      });
      return undefined;
    }
  }

  #resourceOf({ apiVersion = '', kind }: HorizontalPodAutoscaler['spec']['scaleTargetRef']): ResourceRef {
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const found = this.#context.config.catalog.list().find((one) => one.group === group && one.kind === kind);
    if (!found) throw new Error(`no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`);
    return found;
  }

  async #scale(target: Target): Promise<void> {
    const { minReplicas, maxReplicas } = this.#autoscaler.spec;
    const { replicas } = target;
    const now = this.#context.clock.now();
    const memory = this.#memories.get(this.#key) ?? new ScalingMemory(replicas, now);
    this.#memories.set(this.#key, memory);
    if (replicas === 0 && minReplicas !== 0) {
      this.#judge('ScalingActive', {
        status: 'False',
        reason: 'ScalingDisabled',
        message: 'scaling is disabled since the replica count of the target is zero',
      });
      this.#count(replicas, replicas, null);
    } else if (replicas > maxReplicas) {
      await this.#rescale(target, maxReplicas, 'Current number of replicas above Spec.MaxReplicas', null);
    } else if (replicas < minReplicas) {
      await this.#rescale(target, minReplicas, 'Current number of replicas below Spec.MinReplicas', null);
    } else await this.#follow(target, memory, now);
  }

  /** Does what the metrics ask for. */
  async #follow(target: Target, memory: ScalingMemory, now: number): Promise<void> {
    const proposal = await this.#proposal(target, now);
    if (!proposal) return this.#count(target.replicas, this.#status.desiredReplicas, null);
    for (const { reason, message } of proposal.failures) this.#tell('Warning', reason, message);
    this.#judge('ScalingActive', proposal.active);
    if (proposal.replicas === undefined) {
      this.#count(target.replicas, this.#status.desiredReplicas, proposal.statuses);
      this.#tell('Warning', 'FailedComputeMetricsReplicas', proposal.error ?? '');
      return;
    }
    const wish = { current: target.replicas, desired: proposal.replicas, now };
    const { replicas, able, limited } = normalize(this.#autoscaler, wish, memory);
    this.#judge('AbleToScale', able);
    this.#judge('ScalingLimited', limited);
    const reason = proposal.replicas > target.replicas ? `${proposal.metric} above target` : 'All metrics below target';
    await this.#rescale(target, replicas, reason, proposal.statuses);
  }

  /** Undefined: whose pods they are cannot be told. */
  async #proposal({ scale, replicas }: Target, now: number): Promise<MetricsProposal | undefined> {
    const { behavior } = this.#autoscaler.spec;
    const { namespace = '' } = this.#autoscaler.metadata;
    const selector = scale.status?.selector ?? '';
    const selected = this.#selected(selector);
    if (!selected) return undefined;
    const metrics = await this.#context.client
      .for<PodMetrics>(podMetrics)
      .list({ namespace, labelSelector: selector })
      .then(
        ({ items }) => items,
        (error: unknown) => error as Error,
      );
    return metricsProposal(this.#autoscaler, {
      ...{ namespace, metrics, now },
      currentReplicas: replicas,
      pods: selected,
      tolerances: { up: toleranceOf(behavior?.scaleUp), down: toleranceOf(behavior?.scaleDown) },
    });
  }

  // Like validateAndParseSelector.
  #selected(selector: string): Pod[] | undefined {
    if (!selector) {
      this.#unselectable('SelectorRequired', 'selector is required', "the HPA target's scale is missing a selector");
      return undefined;
    }
    const found = this.#podsOf(selector);
    this.#selectors.set(this.#key, selector);
    const { namespace } = this.#autoscaler.metadata;
    const rivals = [...this.#selectors]
      .filter(([key, other]) => key.startsWith(`${namespace}/`) && this.#selectAny(other, found))
      .map(([key]) => key);
    if (rivals.length <= 1) return found;
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${rivals.join(' ')}]`;
    this.#unselectable('AmbiguousSelector', message);
    return undefined;
  }

  #unselectable(reason: string, text: string, message = text): void {
    this.#tell('Warning', reason, text);
    const shown = reason === 'SelectorRequired' ? 'InvalidSelector' : reason;
    this.#judge('ScalingActive', { status: 'False', reason: shown, message });
    this.#tell('Warning', 'FailedComputeMetricsReplicas', text);
  }

  #selectAny(selector: string, among: readonly Pod[]): boolean {
    const parsed = parseLabelSelector(selector);
    return among.some(({ metadata }) => matchesLabels(parsed, metadata.labels));
  }

  #podsOf(selector: string): Pod[] {
    const parsed = parseLabelSelector(selector);
    return this.#context.informers
      .for<Pod>(pods)
      .inNamespace(this.#autoscaler.metadata.namespace ?? '')
      .filter(({ metadata }) => matchesLabels(parsed, metadata.labels));
  }

  /** Sets the target's replicas, as far as there is room for more. */
  async #rescale(
    target: Target,
    wanted: number,
    reason: string,
    statuses: AutoscalerStatus['currentMetrics'],
  ): Promise<void> {
    const { replicas } = target;
    const desired = wanted > replicas ? this.#fitting(target, wanted) : wanted;
    if (desired === replicas) return this.#count(replicas, replicas, statuses);
    const now = this.#context.clock.now();
    const { resource, scale } = target;
    try {
      await this.#context.client
        .for<Scale>(resource)
        .update({ ...scale, spec: { ...scale.spec, replicas: desired } }, { subresource: 'scale' });
    } catch (error) {
      const { message } = error as Error;
      this.#tell('Warning', 'FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${message}`);
      this.#judge('AbleToScale', {
        status: 'False',
        reason: 'FailedUpdateScale',
        message: `the HPA controller was unable to update the target scale: ${message}`,
      });
      return this.#count(replicas, this.#status.desiredReplicas, statuses);
    }
    this.#judge('AbleToScale', {
      status: 'True',
      reason: 'SucceededRescale',
      message: `the HPA controller was able to update the target scale to ${desired}`,
    });
    this.#tell('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    this.#memories.get(this.#key)?.scaled(replicas, desired, now);
    this.#count(replicas, desired, statuses, timestamp(now));
  }

  /** Pods that would only wait are not asked for. What is there is not taken away for want of room. */
  #fitting({ scale, replicas }: Target, wanted: number): number {
    const { informers } = this.#context;
    const active = this.#podsOf(scale.status?.selector ?? '').filter(isActive);
    const [newest] = active.sort((one, other) =>
      (one.metadata.creationTimestamp ?? '') < (other.metadata.creationTimestamp ?? '') ? 1 : -1,
    );
    if (!newest) return wanted;
    const placed = active.filter(({ spec }) => spec.nodeName).length;
    const room = roomFor(newest, wanted - placed, {
      nodes: informers.for<Node>(nodes).list(),
      pods: informers.for<Pod>(pods).list(),
      labelsOfNamespace: (namespace) => informers.for(namespaces).get(namespace)?.metadata.labels,
    });
    const fitting = Math.max(replicas, placed + room.pods);
    if (fitting >= wanted) return wanted;
    const message = `the desired replica count is ${wanted}, but the nodes have room for ${placed + room.pods}: ${room.lacks}`;
    // Told once, not every quarter of a minute.
    const isKnown = this.#autoscaler.status?.conditions?.some((one) => one.message === message);
    if (!isKnown) this.#tell('Warning', 'NotEnoughResources', message);
    this.#judge('ScalingLimited', { status: 'True', reason: 'NotEnoughResources', message });
    return fitting;
  }

  #count(
    currentReplicas: number,
    desiredReplicas: number,
    currentMetrics: AutoscalerStatus['currentMetrics'],
    lastScaleTime = this.#status.lastScaleTime,
  ): void {
    const { conditions = [] } = this.#status;
    this.#status = {
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      ...(currentReplicas && { currentReplicas }),
      ...{ desiredReplicas, currentMetrics, conditions },
    };
  }

  #judge(type: ConditionType, judgement: Judgement): void {
    const time = timestamp(this.#context.clock.now());
    const conditions = withJudgement(this.#status.conditions ?? [], type, judgement, time);
    this.#status = { ...this.#status, conditions };
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.event(this.#autoscaler, horizontalPodAutoscalers, type, reason, message);
  }

  async #write(): Promise<void> {
    if (equalJson(this.#status, this.#autoscaler.status)) return;
    const changed = { ...this.#autoscaler, status: this.#status };
    try {
      await this.#context.client.for<HorizontalPodAutoscaler>(horizontalPodAutoscalers).updateStatus(changed);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

const toleranceOf = (rules: ScalingRules | undefined): number =>
  rules?.tolerance === undefined ? usualTolerance : approximateNumber(parseQuantity(rules.tolerance));
