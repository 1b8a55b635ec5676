/** Edits one object as YAML: nothing typed is ever replaced, and a change by others is told before it is lost. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { ApiClient } from '../cluster/api-client';
import { type Failure, asFailure } from '../cluster/failure';
import type { KubernetesObject } from '../cluster/kubernetes-object';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { message } from '../i18n/message';
import { Notices } from '../ui/notices';
import { CodeEditor } from './code-editor';
import { mergeObjects } from './merge-objects';
import { type YamlProblem, diffLines, editableText, parseYaml, toYaml, withoutKept } from './object-yaml';

@Component({
  selector: 'naru-yaml-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CodeEditor, FailureNote],
  template: `
    @if (changedByOthers()) {
      <div class="banner" role="alert" data-testid="conflict">
        <span class="spread">{{ language.say('yaml.conflict') }}</span>
        <button class="button compact" type="button" (click)="comparing.set(!comparing())">
          {{ language.say('yaml.compare') }}
        </button>
        <button class="button compact" type="button" data-testid="keep-both" (click)="keepBoth()">
          {{ language.say('yaml.merge') }}
        </button>
        <button class="button compact" type="button" data-testid="take-theirs" (click)="takeTheirs()">
          {{ language.say('yaml.takeTheirs') }}
        </button>
        <button class="button compact" type="button" data-testid="keep-mine" (click)="save(true)">
          {{ language.say('yaml.keepMine') }}
        </button>
      </div>
    }
    @if (merged(); as merged) {
      <p class="banner info" role="status" data-testid="merged">
        {{ merged.length ? language.say('yaml.overlap', { places: merged.join(', ') }) : language.say('yaml.merged') }}
      </p>
    }
    @if (failure(); as failure) {
      <naru-failure-note [failure]="failure" />
    }
    @if (problem(); as problem) {
      <p class="problem" role="alert">
        {{ language.say('yaml.problem', { line: problem.line, message: problem.message }) }}
      </p>
    }
    <div class="row">
      <button
        class="button primary"
        type="button"
        [disabled]="!dirty() || saving()"
        (click)="save(false)"
        data-testid="save"
      >
        {{ language.say('action.save') }}
      </button>
      <button class="button" type="button" [disabled]="!dirty()" (click)="takeTheirs()">
        {{ language.say('yaml.undo') }}
      </button>
      <button
        class="button quiet"
        type="button"
        [disabled]="!dirty()"
        [attr.aria-pressed]="comparing()"
        (click)="comparing.set(!comparing())"
      >
        {{ language.say('yaml.compare') }}
      </button>
    </div>
    @if (comparing()) {
      <div class="card diff mono" tabindex="0" role="region" [attr.aria-label]="language.say('yaml.compare')">
        @for (line of difference(); track $index) {
          <div [class]="line.kind">
            <span aria-hidden="true">{{ line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' ' }}</span>
            {{ line.text }}
          </div>
        }
      </div>
    }
    <div class="card editor"><naru-code-editor [(text)]="text" label="YAML" data-testid="yaml" /></div>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
    .editor {
      height: max(320px, calc(100dvh - 330px));
      overflow: hidden;
    }
    .diff {
      max-height: 40vh;
      overflow: auto;
      padding: 10px 12px;
      white-space: pre;
    }
    .added {
      background: var(--ok-tint);
    }
    .removed {
      background: var(--bad-tint);
    }
  `,
})
export class YamlEditor {
  /** The object as it is now, live. */
  readonly object = input.required<KubernetesObject>();
  readonly path = input.required<string>();

  readonly #api = inject(ApiClient);
  readonly #notices = inject(Notices);
  protected readonly language = inject(Language);
  private readonly editor = viewChild(CodeEditor);

  /** What the text was made from; follows the object until something is typed. */
  readonly #base = signal<KubernetesObject | undefined>(undefined);
  protected readonly text = signal('');
  protected readonly dirty = computed(() => {
    const base = this.#base();
    return base !== undefined && this.text() !== toYaml(base);
  });
  protected readonly changedByOthers = computed(() => this.dirty() && editableText(this.object()) !== this.#baseText());
  /** After a merge: the places where both changed the same. */
  protected readonly merged = signal<readonly string[] | undefined>(undefined);
  protected readonly comparing = signal(false);
  protected readonly saving = signal(false);
  protected readonly failure = signal<Failure | undefined>(undefined);
  protected readonly problem = signal<YamlProblem | undefined>(undefined);
  protected readonly difference = computed(() => {
    const lines = diffLines(toYaml(this.object()), this.text());
    const near = (index: number) => lines.slice(Math.max(0, index - 2), index + 3).some(({ kind }) => kind !== 'same');
    return lines.filter((_, index) => near(index));
  });

  constructor() {
    effect(() => {
      const object = this.object();
      untracked(() => {
        if (!this.dirty()) this.#begin(object);
      });
    });
  }

  protected takeTheirs(): void {
    this.#begin(this.object());
    this.failure.set(undefined);
    this.problem.set(undefined);
    this.comparing.set(false);
  }

  /** Puts both changes into the text; saving it is a step of its own. */
  protected keepBoth(): void {
    const parsed = parseYaml(this.text());
    if ('problem' in parsed) return this.problem.set(parsed.problem);
    const { value, overlaps } = mergeObjects(
      withoutKept(this.#base() ?? {}),
      parsed.object,
      withoutKept(this.object()),
    );
    this.#base.set(this.object());
    this.text.set(toYaml(value as KubernetesObject));
    this.merged.set(overlaps);
    this.comparing.set(true);
  }

  /** Saves onto the newest version; `overOthers` when the person chose to keep theirs. */
  protected async save(overOthers: boolean): Promise<void> {
    const parsed = parseYaml(this.text());
    if ('problem' in parsed) {
      this.problem.set(parsed.problem);
      return this.editor()?.goTo(parsed.problem.line, parsed.problem.column);
    }
    this.problem.set(undefined);
    this.failure.set(undefined);
    this.saving.set(true);
    try {
      const newest = await this.#api.get<KubernetesObject>(this.path());
      if (!overOthers && editableText(newest) !== this.#baseText()) return this.comparing.set(true);
      const { resourceVersion } = newest.metadata;
      const saved = await this.#api.replace<KubernetesObject>(this.path(), {
        ...parsed.object,
        metadata: { ...parsed.object.metadata, resourceVersion },
      });
      this.#begin(saved);
      this.comparing.set(false);
      this.#notices.show({ message: message('yaml.saved', { name: saved.metadata.name }) });
    } catch (error) {
      this.failure.set(asFailure(error));
    } finally {
      this.saving.set(false);
    }
  }

  #begin(object: KubernetesObject): void {
    this.#base.set(object);
    this.merged.set(undefined);
    this.text.set(toYaml(object));
  }

  #baseText(): string {
    const base = this.#base();
    return base ? editableText(base) : '';
  }
}
