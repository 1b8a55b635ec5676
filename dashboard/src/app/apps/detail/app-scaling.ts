/** How many instances an app has: a number, or limits within which it is scaled by itself. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { ApiClient } from '../../cluster/api-client';
import { Discovery } from '../../cluster/discovery';
import { type Failure, asFailure } from '../../cluster/failure';
import { FailureNote } from '../../errors/failure-note';
import { Language } from '../../i18n/language';
import { Icon } from '../../ui/icon';
import { Skeleton } from '../../ui/skeleton';
import type { App } from '../app';
import { AppActions, canStop } from '../app-actions';
import { type ScalingLimits, autoscalerManifest, limitsOf, usualPatience } from './autoscaler-manifest';
import { ScalingOutlook } from './scaling-outlook';

@Component({
  selector: 'naru-app-scaling',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FailureNote, FormsModule, Icon, RouterLink, ScalingOutlook, Skeleton],
  templateUrl: './app-scaling.html',
  styleUrl: './app-scaling.scss',
})
export class AppScaling {
  readonly app = input.required<App>();

  readonly #api = inject(ApiClient);
  readonly #discovery = inject(Discovery);
  protected readonly actions = inject(AppActions);
  protected readonly language = inject(Language);
  protected readonly canScale = computed(() => canStop(this.app()));
  protected readonly canAutomate = computed(() => this.#discovery.has('autoscaling', 'horizontalpodautoscalers'));
  protected readonly hasRequest = computed(() =>
    this.app().workload.spec.template.spec.containers.every(
      ({ resources }) => resources?.requests?.[this.resource()] !== undefined,
    ),
  );
  /** Whether the autoscaler measures what this form cannot show: it is edited as YAML then. */
  protected readonly byHand = computed(() => {
    const { autoscaler } = this.app();
    return autoscaler !== undefined && limitsOf(autoscaler) === undefined;
  });
  protected readonly wanted = signal(1);
  protected readonly automatic = signal(false);
  protected readonly minimum = signal(1);
  protected readonly maximum = signal(5);
  protected readonly resource = signal<'cpu' | 'memory'>('cpu');
  protected readonly target = signal(70);
  protected readonly patience = signal(usualPatience);
  protected readonly limits = computed<ScalingLimits>(() => ({
    minimum: this.minimum(),
    maximum: this.maximum(),
    resource: this.resource(),
    target: this.target(),
    patience: this.patience(),
  }));
  protected readonly saving = signal(false);
  protected readonly failure = signal<Failure | undefined>(undefined);
  protected readonly problem = computed(() =>
    this.automatic() && this.minimum() > this.maximum() ? this.language.say('scaling.order') : '',
  );
  protected readonly measured = computed(
    () =>
      this.app().autoscaler?.status?.currentMetrics?.find(({ resource }) => resource)?.resource?.current
        .averageUtilization,
  );
  protected readonly blind = computed(() =>
    this.app().autoscaler?.status?.conditions?.find(
      ({ type, status }) => type === 'ScalingActive' && status === 'False',
    ),
  );

  constructor() {
    effect(() => {
      const { desired, autoscaler } = this.app();
      untracked(() => {
        if (this.saving()) return;
        this.wanted.set(desired);
      });
      untracked(() => this.#show(autoscaler));
    });
  }

  /** What is saved is shown once; what is being typed is left alone after that. */
  #shown: string | undefined;
  #show(autoscaler: App['autoscaler']): void {
    const text = JSON.stringify(autoscaler?.spec ?? null);
    if (text === this.#shown) return;
    this.#shown = text;
    this.automatic.set(autoscaler !== undefined);
    if (!autoscaler) return;
    const limits = limitsOf(autoscaler);
    if (!limits) return;
    this.minimum.set(limits.minimum);
    this.maximum.set(limits.maximum);
    this.resource.set(limits.resource);
    this.target.set(limits.target);
    this.patience.set(limits.patience);
  }

  protected async save(): Promise<void> {
    this.saving.set(true);
    this.failure.set(undefined);
    try {
      await this.#write();
    } catch (error) {
      this.failure.set(asFailure(error));
    } finally {
      this.saving.set(false);
    }
  }

  async #write(): Promise<void> {
    const app = this.app();
    const collection = `/apis/autoscaling/v2/namespaces/${app.project}/horizontalpodautoscalers`;
    const existing = app.autoscaler?.metadata.name;
    if (!this.automatic()) {
      if (existing) await this.#api.delete(`${collection}/${existing}`);
      return;
    }
    const manifest = autoscalerManifest(app, this.limits());
    if (existing) await this.#api.patch(`${collection}/${existing}`, 'merge', { spec: manifest.spec });
    else await this.#api.create(collection, manifest);
  }
}
