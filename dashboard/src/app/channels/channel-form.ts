/** Asks where alerts are to be told, and adds it. */
import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { type Failure, asFailure } from '../cluster/failure';
import { FailureNote } from '../errors/failure-note';
import { Language, type LanguageCode } from '../i18n/language';
import type { ChannelForm } from './channel';
import { ChannelActions } from './channel-actions';

@Component({
  selector: 'naru-channel-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FailureNote, FormsModule],
  template: `
    <form class="card padded stack" (ngSubmit)="add()" data-testid="channel-form">
      <h2>{{ language.say('channels.add') }}</h2>
      @if (failure(); as failure) {
        <naru-failure-note [failure]="failure" />
      }
      <div class="fields">
        <div class="field">
          <label for="channel-name">{{ language.say('ui.name') }}</label>
          <input
            id="channel-name"
            name="name"
            class="input mono"
            autocomplete="off"
            spellcheck="false"
            placeholder="team-chat"
            [(ngModel)]="name"
            data-testid="channel-name"
          />
          <span class="hint">{{ language.say('run.nameHint') }}</span>
        </div>
        <div class="field wide">
          <label for="channel-url">{{ language.say('channels.url') }}</label>
          <input
            id="channel-url"
            name="url"
            class="input mono"
            type="url"
            autocomplete="off"
            spellcheck="false"
            placeholder="https://hooks.slack.com/…"
            [(ngModel)]="url"
            data-testid="channel-url"
          />
          <span class="hint">{{ language.say('channels.urlHint') }}</span>
        </div>
        <div class="field">
          <label for="channel-form">{{ language.say('channels.form') }}</label>
          <select id="channel-form" name="form" class="input" [(ngModel)]="form">
            <option value="">{{ language.say('channels.form.auto') }}</option>
            <option value="generic">JSON</option>
            <option value="slack">Slack</option>
            <option value="discord">Discord</option>
          </select>
        </div>
        <div class="field">
          <label for="channel-severity">{{ language.say('channels.severity') }}</label>
          <select id="channel-severity" name="severity" class="input" [(ngModel)]="severity">
            <option value="warning">{{ language.say('channels.fromWarning') }}</option>
            <option value="critical">{{ language.say('channels.onlyCritical') }}</option>
          </select>
        </div>
        <div class="field">
          <label for="channel-language">{{ language.say('shell.language') }}</label>
          <select id="channel-language" name="language" class="input" [(ngModel)]="spoken">
            <option value="ko">한국어</option>
            <option value="en">English</option>
          </select>
        </div>
      </div>
      <div class="row">
        <button class="button primary" [disabled]="!complete() || busy()" data-testid="channel-add">
          {{ language.say('channels.add') }}
        </button>
        <button class="button quiet" type="button" (click)="closed.emit()">{{ language.say('action.cancel') }}</button>
      </div>
    </form>
  `,
  styles: `
    .fields {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
      gap: 14px;
    }
    .wide {
      grid-column: span 2;
    }
    @media (max-width: 599px) {
      .wide {
        grid-column: auto;
      }
    }
  `,
})
export class ChannelFormCard {
  readonly closed = output();
  readonly #actions = inject(ChannelActions);
  protected readonly language = inject(Language);
  protected readonly name = signal('');
  protected readonly url = signal('');
  protected readonly form = signal<ChannelForm | ''>('');
  protected readonly severity = signal<'warning' | 'critical'>('warning');
  protected readonly spoken = signal<LanguageCode>(this.language.current());
  protected readonly busy = signal(false);
  protected readonly failure = signal<Failure | undefined>(undefined);
  protected readonly complete = computed(() => this.name().trim() !== '' && /^https?:\/\/./.test(this.url().trim()));

  protected async add(): Promise<void> {
    if (!this.complete()) return;
    this.busy.set(true);
    this.failure.set(undefined);
    try {
      await this.#actions.add({
        name: this.name().trim(),
        url: this.url().trim(),
        form: this.form(),
        minimumSeverity: this.severity(),
        language: this.spoken(),
      });
      this.closed.emit();
    } catch (error) {
      this.failure.set(asFailure(error));
    } finally {
      this.busy.set(false);
    }
  }
}
