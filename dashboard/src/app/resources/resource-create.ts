/** A new object of any kind, written as YAML. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { stringify } from 'yaml';
import { ApiClient } from '../cluster/api-client';
import { Discovery, collectionPath } from '../cluster/discovery';
import { type Failure, asFailure } from '../cluster/failure';
import type { KubernetesObject } from '../cluster/kubernetes-object';
import { CodeEditor } from '../editor/code-editor';
import { type YamlProblem, parseYaml } from '../editor/object-yaml';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { message } from '../i18n/message';
import { skeletonOf } from '../kinds/skeletons';
import { Preferences } from '../shell/preferences';
import { Icon } from '../ui/icon';
import { Notices } from '../ui/notices';

@Component({
  selector: 'naru-resource-create',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CodeEditor, FailureNote, Icon, RouterLink],
  template: `
    <div class="page">
      <div class="page-head">
        <a
          class="icon-button"
          [routerLink]="['/resources', group(), version(), plural()]"
          [attr.aria-label]="language.say('action.back')"
          ><naru-icon name="chevronLeft"
        /></a>
        <h1>{{ language.say('resources.new', { kind: kind()?.kind ?? plural() }) }}</h1>
      </div>
      <p class="muted">{{ language.say('resources.newHint') }}</p>
      @if (failure(); as failure) {
        <naru-failure-note [failure]="failure" />
      }
      @if (problem(); as problem) {
        <p class="problem" role="alert">
          {{ language.say('yaml.problem', { line: problem.line, message: problem.message }) }}
        </p>
      }
      @if (checked()) {
        <p class="banner info" role="status" data-testid="checked">{{ language.say('resources.checked') }}</p>
      }
      <div class="row wrap">
        <button
          class="button primary"
          type="button"
          [disabled]="busy() || !kind()"
          data-testid="create"
          (click)="send(false)"
        >
          {{ language.say('action.create') }}
        </button>
        <button class="button" type="button" [disabled]="busy() || !kind()" data-testid="check" (click)="send(true)">
          {{ language.say('resources.check') }}
        </button>
      </div>
      <div class="card editor"><naru-code-editor [(text)]="text" label="YAML" data-testid="yaml" /></div>
    </div>
  `,
  styles: `
    .editor {
      height: max(320px, calc(100dvh - 300px));
      overflow: hidden;
    }
  `,
})
export class ResourceCreate {
  readonly group = input.required<string>();
  readonly version = input.required<string>();
  readonly plural = input.required<string>();
  readonly project = input<string>();
  readonly name = input<string>();

  readonly #api = inject(ApiClient);
  readonly #discovery = inject(Discovery);
  readonly #router = inject(Router);
  readonly #notices = inject(Notices);
  readonly #namespace = inject(Preferences).project;
  protected readonly language = inject(Language);
  private readonly editor = viewChild(CodeEditor);
  protected readonly kind = computed(() => {
    const group = this.group() === 'core' ? '' : this.group();
    return this.#discovery.kinds().find((kind) => kind.group === group && kind.plural === this.plural());
  });
  protected readonly text = linkedSignal(() => {
    const kind = this.kind();
    const namespace = this.project() ?? (this.#namespace() || 'default');
    return kind ? stringify(skeletonOf(kind, this.name() ?? 'new-name', namespace)) : '';
  });
  protected readonly busy = signal(false);
  protected readonly checked = signal(false);
  protected readonly failure = signal<Failure | undefined>(undefined);
  protected readonly problem = signal<YamlProblem | undefined>(undefined);

  /** A check is a create that the server does not carry out. */
  protected async send(checkOnly: boolean): Promise<void> {
    const kind = this.kind();
    if (!kind) return;
    this.checked.set(false);
    this.failure.set(undefined);
    const parsed = parseYaml(this.text());
    this.problem.set('problem' in parsed ? parsed.problem : undefined);
    if ('problem' in parsed) return this.editor()?.goTo(parsed.problem.line, parsed.problem.column);
    this.busy.set(true);
    try {
      const namespace = kind.namespaced ? (parsed.object.metadata?.namespace ?? 'default') : undefined;
      const query = { fieldValidation: 'Strict', ...(checkOnly ? { dryRun: 'All' } : {}) };
      const made = await this.#api.create<KubernetesObject>(collectionPath(kind, namespace), parsed.object, { query });
      if (checkOnly) return this.checked.set(true);
      this.#notices.show({ message: message('resources.created', { name: made.metadata.name }) });
      const place = [this.group(), this.version(), this.plural(), made.metadata.namespace ?? '-', made.metadata.name];
      await this.#router.navigate(['/resources', ...place]);
    } catch (error) {
      this.failure.set(asFailure(error));
    } finally {
      this.busy.set(false);
    }
  }
}
