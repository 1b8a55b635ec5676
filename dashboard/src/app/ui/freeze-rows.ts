/** Holds the rows of a table still while the pointer or the focus is in it. */
import { Directive, ElementRef, type WritableSignal, inject, input } from '@angular/core';

@Directive({
  selector: '[naruFreezeRows]',
  host: {
    '(pointerenter)': 'hold()',
    '(pointerleave)': 'leave()',
    '(focusin)': 'hold()',
    '(focusout)': 'leave($event)',
  },
})
export class FreezeRows {
  readonly frozen = input.required<WritableSignal<boolean>>({ alias: 'naruFreezeRows' });
  readonly #element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected hold(): void {
    this.frozen().set(true);
  }

  protected leave(event?: FocusEvent): void {
    const target = event?.relatedTarget;
    if (target instanceof Node && this.#element.contains(target)) return;
    if (event ? this.#element.matches(':hover') : hasKeyboardFocus(this.#element)) return;
    this.frozen().set(false);
  }
}

/** A button keeps the focus after a click; only a focus that shows is someone at work with keys. */
function hasKeyboardFocus(element: HTMLElement): boolean {
  return element.querySelector(':focus-visible') !== null;
}
