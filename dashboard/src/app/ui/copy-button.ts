/** Copies a text. */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { Language } from '../i18n/language';
import { Icon } from './icon';

@Component({
  selector: 'naru-copy-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `<button
    class="icon-button small"
    type="button"
    [attr.aria-label]="say(copied() ? 'action.copied' : 'action.copy')"
    [attr.title]="say('action.copy')"
    (click)="copy()"
  >
    <naru-icon [name]="copied() ? 'check' : 'copy'" [size]="15" />
  </button>`,
})
export class CopyButton {
  readonly text = input.required<string>();
  protected readonly say = inject(Language).say;
  protected readonly copied = signal(false);

  protected async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.text());
    this.copied.set(true);
    setTimeout(() => this.copied.set(false), 1500);
  }
}
