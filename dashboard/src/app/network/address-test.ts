/** Tries an address from the server, and shows each step with its time. */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { ApiClient } from '../cluster/api-client';
import { type Failure, asFailure } from '../cluster/failure';
import { Language } from '../i18n/language';
import type { MessageKey } from '../i18n/message';
import { Icon } from '../ui/icon';

export interface Step {
  readonly step: 'name' | 'connect' | 'http';
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly detail: string;
}

const words: Readonly<Record<Step['step'], MessageKey>> = {
  name: 'network.test.name',
  connect: 'network.test.connect',
  http: 'network.test.http',
};

/** What the codes of a failed step mean; the code itself stays beside it. */
const reasons: Readonly<Record<string, MessageKey | undefined>> = {
  ENOTFOUND: 'network.test.noName',
  ENODATA: 'network.test.noName',
  ECONNREFUSED: 'network.test.refused',
  ETIMEDOUT: 'network.test.timeout',
  timeout: 'network.test.timeout',
  EHOSTUNREACH: 'network.test.unreachable',
  ENETUNREACH: 'network.test.unreachable',
};

@Component({
  selector: 'naru-address-test',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @if (busy()) {
      <p class="muted" role="status">{{ language.say('network.testing') }}</p>
    } @else if (failure(); as failure) {
      <p class="problem" role="alert">{{ failure.status.message }}</p>
    } @else {
      <ol role="status" data-testid="test-steps">
        @for (step of steps(); track step.step) {
          <li [class.failed]="!step.ok" [attr.data-step]="step.step">
            <naru-icon [name]="step.ok ? 'okCircle' : 'error'" [size]="16" />
            <span>{{ language.say(words[step.step]) }}</span>
            @if (!step.ok && reasons[step.detail]; as reason) {
              <span>{{ language.say(reason) }}</span>
            }
            <span class="mono">{{ step.detail }}</span>
            <span class="muted number">{{ step.milliseconds }} ms</span>
          </li>
        }
      </ol>
      @if (speaksNoHttp()) {
        <p class="small muted">{{ language.say('network.test.noHttp') }}</p>
      }
      <p class="small muted">{{ language.say('network.test.from') }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
      padding: 4px 0;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 8px;
      padding: 2px 0;
    }
    naru-icon {
      color: var(--ok);
    }
    .failed naru-icon,
    .failed .mono {
      color: var(--bad);
    }
  `,
})
export class AddressTest {
  readonly project = input.required<string>();
  readonly service = input.required<string>();
  readonly port = input.required<number>();
  /** Whether the port is one of the machine. */
  readonly node = input(false);

  readonly #api = inject(ApiClient);
  protected readonly language = inject(Language);
  protected readonly words = words;
  protected readonly reasons = reasons;
  protected readonly busy = signal(true);
  protected readonly steps = signal<readonly Step[]>([]);
  protected readonly failure = signal<Failure | undefined>(undefined);

  constructor() {
    queueMicrotask(() => void this.run());
  }

  async run(): Promise<void> {
    this.busy.set(true);
    this.failure.set(undefined);
    try {
      const query = {
        namespace: this.project(),
        service: this.service(),
        port: String(this.port()),
        ...(this.node() ? { node: '1' } : {}),
      };
      const { steps } = await this.#api.get<{ steps: readonly Step[] }>('/naru/address-test', { query });
      this.steps.set(steps);
    } catch (error) {
      this.failure.set(asFailure(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected speaksNoHttp(): boolean {
    const last = this.steps().at(-1);
    return last?.step === 'connect' && last.ok;
  }
}
