/** A shell in a container; loaded when first opened. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  ViewEncapsulation,
  afterNextRender,
  effect,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import type { LogTarget } from '../dock/dock-tabs';
import { Language } from '../i18n/language';
import { Preferences } from '../shell/preferences';
import { execPath, execProtocol, inputFrame, readFrame, resizeFrame } from './exec-channel';
import { openWithNonce } from './open-with-nonce';
import { terminalTheme } from './terminal-theme';

@Component({
  selector: 'naru-shell-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="screen" #screen data-testid="terminal"></div>
    <p class="hint" role="status">
      {{
        language.say(state() === 'open' ? 'shell.leave' : state() === 'ended' ? 'shell.again' : 'connection.connecting')
      }}
    </p>
  `,
  // The terminal's own elements know nothing of the encapsulation of this component.
  encapsulation: ViewEncapsulation.None,
  host: { class: 'naru-shell-view' },
  styleUrls: ['../../../../node_modules/@xterm/xterm/css/xterm.css', './shell-view.scss'],
})
export class ShellView {
  readonly target = input.required<LogTarget>();
  /** Whether it can be seen: its size is only known then. */
  readonly shown = input(true);

  readonly #preferences = inject(Preferences);
  protected readonly language = inject(Language);
  protected readonly state = signal<'connecting' | 'open' | 'ended'>('connecting');
  private readonly screen = viewChild.required<ElementRef<HTMLElement>>('screen');
  readonly #terminal = new Terminal({ fontSize: 13, scrollback: 5000, cursorBlink: true });
  readonly #fit = new FitAddon();
  #socket: WebSocket | undefined;
  /** What came first: an engine that cannot start the shell says so there. */
  #firstWords = '';

  constructor() {
    afterNextRender(() => this.#start());
    effect(() => {
      this.#preferences.theme();
      // The new colours hold after the theme was written to the page.
      requestAnimationFrame(() => (this.#terminal.options.theme = terminalTheme(this.screen().nativeElement)));
    });
    effect(() => {
      if (this.shown()) requestAnimationFrame(() => this.#resize());
    });
    inject(DestroyRef).onDestroy(() => {
      this.#socket?.close();
      this.#terminal.dispose();
    });
  }

  #start(): void {
    const element = this.screen().nativeElement;
    this.#terminal.options.fontFamily = getComputedStyle(element).fontFamily;
    this.#terminal.loadAddon(this.#fit);
    openWithNonce(this.#terminal, element);
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(element);
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForTerminal(event));
    this.#terminal.onData((text) => this.#type(text));
    this.#terminal.onResize(({ cols, rows }) => this.#send(resizeFrame(cols, rows)));
    this.#terminal.onSelectionChange(() => {
      const text = this.#terminal.getSelection();
      // Copying may be forbidden by the browser; the selection is still there to be copied by hand.
      if (text) navigator.clipboard?.writeText(text).catch(() => undefined);
    });
    this.#connect();
    this.#terminal.focus();
  }

  #connect(): void {
    const { project, pod = '', container = '' } = this.target();
    this.state.set('connecting');
    this.#firstWords = '';
    const socket = new WebSocket(
      `${location.origin.replace('http', 'ws')}${execPath(project, pod, container)}`,
      execProtocol,
    );
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.state.set('open');
      this.#resize();
      this.#send(resizeFrame(this.#terminal.cols, this.#terminal.rows));
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.#receive(data);
    socket.onclose = () => this.#ended(this.language.say('shell.closed'));
  }

  #receive(data: ArrayBuffer): void {
    const frame = readFrame(data);
    if (frame.kind === 'output') {
      if (this.#firstWords.length < 300) this.#firstWords += new TextDecoder().decode(frame.bytes);
      this.#terminal.write(frame.bytes);
    }
    if (frame.kind !== 'ended' || frame.success) return;
    const refused = frame.exitCode === undefined ? frame.message : this.#firstWords;
    if (/exec.*(executable file not found|no such file)/.test(refused)) this.#ended(this.language.say('shell.none'));
    else if (frame.exitCode === undefined) this.#ended(frame.message);
  }

  #ended(sentence: string): void {
    if (this.state() === 'ended') return;
    this.state.set('ended');
    this.#terminal.write(`\r\n\u001b[2m${sentence}\r\n${this.language.say('shell.again')}\u001b[0m\r\n`);
  }

  #type(text: string): void {
    if (this.state() === 'ended' && text === '\r') return this.#connect();
    this.#send(inputFrame(text));
  }

  #send(frame: Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame as Uint8Array<ArrayBuffer>);
  }

  #resize(): void {
    if (this.screen().nativeElement.offsetHeight > 0) this.#fit.fit();
  }

  /** Keys that are the page's or the browser's are not typed into the shell. */
  #isForTerminal(event: KeyboardEvent): boolean {
    if (event.ctrlKey && event.shiftKey && event.code === 'F6') {
      this.#terminal.blur();
      document.getElementById('content')?.focus();
      return false;
    }
    if (event.ctrlKey && event.code === 'Backquote') return false;
    return !(event.ctrlKey && event.shiftKey && (event.code === 'KeyC' || event.code === 'KeyV'));
  }
}
