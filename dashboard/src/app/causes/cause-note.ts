/** A cause as a sentence, why, what next and a button. */
import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import type { Cause, Remedy } from './cause';
import { remedyLabel } from './remedy-label';

@Component({
  selector: 'naru-cause-note',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <div class="note {{ cause().severity }}" data-testid="cause">
      <naru-icon [name]="cause().severity === 'critical' ? 'error' : 'warning'" />
      <div class="text">
        <p class="head">
          <strong>{{ language.sayMessage(cause().what) }}</strong> <span class="term mono">{{ cause().term }}</span>
        </p>
        <p>
          {{ language.sayMessage(cause().why) }} <span class="muted">{{ language.sayMessage(cause().next) }}</span>
        </p>
        <p class="about small muted"><ng-content /></p>
        @if (cause().detail) {
          <details>
            <summary class="small">{{ language.say('action.details') }}</summary>
            <p class="mono detail">{{ cause().detail }}</p>
          </details>
        }
      </div>
      <div class="row wrap remedies">
        @if (cause().remedy; as remedy) {
          <button class="button compact" type="button" data-testid="remedy" (click)="chosen.emit(remedy)">
            {{ language.sayMessage(remedyLabel(remedy)) }}
          </button>
        }
        @if (cause().also; as remedy) {
          <button class="button compact quiet" type="button" data-testid="remedy-also" (click)="chosen.emit(remedy)">
            {{ language.sayMessage(remedyLabel(remedy)) }}
          </button>
        }
      </div>
    </div>
  `,
  styles: `
    .note {
      display: flex;
      gap: 10px;
      padding: 12px 14px;
      border: 1px solid var(--line);
      border-left: 3px solid var(--warn);
      border-radius: var(--radius);
      background: var(--surface);
    }
    .note.critical {
      border-left-color: var(--bad);
    }
    naru-icon {
      margin-top: 1px;
      color: var(--warn);
    }
    .critical naru-icon {
      color: var(--bad);
    }
    .text {
      display: grid;
      gap: 2px;
      flex: 1;
      min-width: 0;
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 0 8px;
    }
    .term {
      color: var(--muted);
      font-size: 11.5px;
    }
    .about:empty {
      display: none;
    }
    .detail {
      margin-top: 4px;
    }
    .remedies {
      align-self: flex-start;
      justify-content: flex-end;
    }
    @media (max-width: 599px) {
      .note {
        flex-wrap: wrap;
      }
      .text {
        flex-basis: calc(100% - 40px);
      }
      .remedies {
        margin-left: 28px;
      }
    }
  `,
})
export class CauseNote {
  readonly cause = input.required<Cause>();
  readonly chosen = output<Remedy>();
  protected readonly language = inject(Language);
  protected readonly remedyLabel = remedyLabel;
}
