/** A password with its label: can be shown, and tells when Caps Lock is on. */
import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  input,
  model,
  signal,
  viewChild,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';

/** The server holds the rule; this only saves a round trip. */
export const shortestPassword = 8;

@Component({
  selector: 'naru-password-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, Icon],
  template: `
    <div class="field">
      <label [attr.for]="name()">{{ label() }}</label>
      <div class="box">
        <input
          #field
          class="input"
          [id]="name()"
          [name]="name()"
          [attr.data-testid]="name()"
          [type]="shown() ? 'text' : 'password'"
          [attr.autocomplete]="autocomplete()"
          [(ngModel)]="value"
          (keyup)="capsLock.set($event.getModifierState('CapsLock'))"
        />
        <button
          type="button"
          class="icon-button small"
          [attr.aria-label]="say(shown() ? 'signIn.hide' : 'signIn.show')"
          (click)="shown.set(!shown())"
        >
          <naru-icon [name]="shown() ? 'eyeOff' : 'eye'" />
        </button>
      </div>
      @if (capsLock()) {
        <span class="hint" role="status">{{ say('signIn.capsLock') }}</span>
      }
      @if (hint()) {
        <span class="hint">{{ hint() }}</span>
      }
    </div>
  `,
  styles: `
    .box {
      position: relative;
    }
    .input {
      padding-right: 40px;
    }
    .icon-button {
      position: absolute;
      right: 5px;
      top: 5px;
    }
  `,
})
export class PasswordField {
  readonly label = input.required<string>();
  readonly hint = input('');
  /** Tells two of them on one form apart. */
  readonly name = input('password');
  readonly autocomplete = input('current-password');
  readonly value = model('');

  protected readonly say = inject(Language).say;
  protected readonly shown = signal(false);
  protected readonly capsLock = signal(false);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  focus(): void {
    this.field().nativeElement.focus();
    this.field().nativeElement.select();
  }
}
