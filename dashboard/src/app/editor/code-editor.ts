/** A YAML editor; CodeMirror, loaded when first shown. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  effect,
  inject,
  input,
  model,
  untracked,
} from '@angular/core';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, foldGutter, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--series-2)' },
  { tag: tags.comment, color: 'var(--muted)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', background: 'var(--surface)', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-gutters': { background: 'var(--surface)', color: 'var(--muted)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'color-mix(in srgb, var(--inset) 60%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-tint) !important' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
});

@Component({
  selector: 'naru-code-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '',
  styles: `
    :host {
      display: block;
      height: 100%;
      overflow: hidden;
    }
  `,
})
export class CodeEditor {
  readonly text = model.required<string>();
  readonly label = input.required<string>();
  readonly readOnly = input(false);

  readonly #host: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  #view: EditorView | undefined;

  constructor() {
    afterNextRender(() => {
      this.#view = new EditorView({ parent: this.#host, state: this.#state(this.text()) });
      // Keys can scroll it before anything is edited.
      this.#view.scrollDOM.tabIndex = 0;
    });
    effect(() => {
      const text = this.text();
      untracked(() => {
        if (this.#view && this.#view.state.doc.toString() !== text)
          this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
      });
    });
    inject(DestroyRef).onDestroy(() => this.#view?.destroy());
  }

  /** Shows a place, such as the one of a mistake; line and column from one. */
  goTo(line: number, column: number): void {
    const view = this.#view;
    if (!view) return;
    const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    const position = Math.min(at.from + column - 1, at.to);
    view.dispatch({ selection: { anchor: position }, scrollIntoView: true });
    view.focus();
  }

  #state(doc: string): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        EditorView.cspNonce.of(document.querySelector('[ngCspNonce]')?.getAttribute('ngCspNonce') ?? ''),
        lineNumbers(),
        foldGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        highlightActiveLine(),
        yaml(),
        syntaxHighlighting(colours),
        look,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': this.label() }),
        EditorState.readOnly.of(this.readOnly()),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.text.set(update.state.doc.toString());
        }),
      ],
    });
  }
}
