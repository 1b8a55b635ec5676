/** Shows a failure beside what failed: what, why, what to do, and the raw answer in a fold. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { Failure } from '../cluster/failure';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { explainFailure } from './explain-failure';

@Component({
  selector: 'naru-failure-note',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <div class="banner bad" role="alert" data-testid="failure">
      <naru-icon name="error" />
      <div class="text">
        <strong>{{ language.sayMessage(explanation().what) }}</strong>
        <p>{{ language.sayMessage(explanation().why) }}</p>
        <p class="muted">{{ language.sayMessage(explanation().next) }}</p>
        <details>
          <summary class="small">{{ language.say('action.details') }}</summary>
          <pre class="mono">{{ raw() }}</pre>
        </details>
      </div>
      <ng-content />
    </div>
  `,
  styles: `
    .banner {
      align-items: flex-start;
      flex-wrap: nowrap;
    }
    naru-icon {
      color: var(--bad);
      margin-top: 1px;
    }
    .text {
      display: grid;
      gap: 2px;
      flex: 1;
      min-width: 0;
    }
    pre {
      margin: 4px 0 0;
      white-space: pre-wrap;
    }
  `,
})
export class FailureNote {
  readonly failure = input.required<Failure>();
  protected readonly language = inject(Language);
  protected readonly explanation = computed(() => explainFailure(this.failure()));
  protected readonly raw = computed(() => JSON.stringify(this.failure().status, null, 2));
}
