/** Logs of a container or of a whole app: merged, searchable, following, at any length. */
import { CdkVirtualScrollViewport, ScrollingModule } from '@angular/cdk/scrolling';
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { ownerOf } from '../apps/app';
import { podCause } from '../causes/pod-cause';
import { Cluster } from '../cluster/cluster';
import type { LogTarget } from '../dock/dock-tabs';
import { Language } from '../i18n/language';
import type { MessageKey } from '../i18n/message';
import { Icon } from '../ui/icon';
import { parseAnsi } from './ansi';
import type { Level } from './log-line';
import { LogReader, type LogSource } from './log-reader';
import { type LogRow, cutSpans, firstRowOf, looksLikeJson, rowsOf } from './log-rows';
import { highlight, matchingLines, patternOf } from './log-search';

const sinceChoices: readonly { readonly minutes: number; readonly label: MessageKey }[] = [
  { minutes: 0, label: 'logs.since.all' },
  { minutes: 5, label: 'logs.since.fiveMinutes' },
  { minutes: 15, label: 'stats.quarter' },
  { minutes: 60, label: 'stats.hour' },
  { minutes: 1440, label: 'stats.day' },
];
/** Columns of a time of day with thousandths, and of the mark that unfolds. */
const timeColumns = 13;
const foldColumns = 2;

@Component({
  selector: 'naru-log-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, Icon, ScrollingModule],
  templateUrl: './log-view.html',
  styleUrl: './log-view.scss',
})
export class LogView {
  readonly target = input.required<LogTarget>();

  readonly #cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly reader = new LogReader();
  private readonly viewport = viewChild(CdkVirtualScrollViewport);

  protected readonly rowHeight = 20;
  protected readonly levels: readonly Level[] = ['error', 'warn', 'info', 'debug'];
  protected readonly follow = signal(true);
  protected readonly timestamps = signal(false);
  protected readonly wrap = signal(false);
  /** Minutes; 0: from the last lines on. */
  protected readonly since = signal(0);
  protected readonly sinceChoices = sinceChoices;
  /** Whether the run before the present one is shown. */
  protected readonly previous = linkedSignal(() => this.target().previous ?? false);
  readonly #unfolded = signal<ReadonlySet<number>>(new Set());
  readonly #columns = signal(120);
  /** Rows that came before the first one, which the list has not grown by yet. */
  #rowsBefore = 0;
  protected readonly text = signal('');
  protected readonly regex = signal(false);
  protected readonly onlyMatches = signal(false);
  protected readonly level = signal<Level | undefined>(undefined);
  protected readonly container = signal('');
  protected readonly match = signal(0);
  readonly #seen = signal(0);

  protected readonly pods = computed(() => {
    const { project, app, pod } = this.target();
    return this.#cluster
      .allPods()
      .filter(({ metadata }) => metadata.namespace === project && (pod === undefined || metadata.name === pod))
      .filter((candidate) => app === undefined || ownerOf(candidate) === `${project}/${app}`);
  });
  protected readonly containers = computed(() => [
    ...new Set(
      this.pods().flatMap(({ spec }) => [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name)),
    ),
  ]);
  protected readonly merged = computed(() => this.sources().length > 1 || this.target().app !== undefined);
  protected readonly sources = computed<readonly LogSource[]>(
    () => {
      const { project, container: fixed } = this.target();
      const previous = this.previous();
      const wanted = this.container() || fixed;
      return this.pods().flatMap((pod) =>
        pod.spec.containers
          .filter(({ name }) => (wanted ? name === wanted : true))
          .filter(({ name }) => (previous ? hasEnded : hasStarted)(pod.status?.containerStatuses, name))
          .map(({ name }) => ({
            project,
            pod: pod.metadata.name,
            container: name,
            previous,
            label: pod.spec.containers.length > 1 && !wanted ? `${pod.metadata.name}/${name}` : pod.metadata.name,
          })),
      );
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  /** Whether there is a run before the present one to look at. */
  protected readonly hasPrevious = computed(
    () =>
      this.previous() ||
      this.pods().some(({ status }) => status?.containerStatuses?.some(({ restartCount }) => restartCount > 0)),
  );
  protected readonly pattern = computed(() => patternOf(this.text(), this.regex()));
  readonly #expression = computed(() => {
    const pattern = this.pattern();
    return pattern instanceof RegExp ? pattern : undefined;
  });
  protected readonly lines = computed(() => {
    const level = this.level();
    const expression = this.onlyMatches() ? this.#expression() : undefined;
    const lines = level ? this.reader.lines().filter((line) => line.level === level) : this.reader.lines();
    return expression ? matchingLines(lines, expression).flatMap((place) => lines[place] ?? []) : lines;
  });
  protected readonly rows = computed(() =>
    rowsOf(this.lines(), {
      columns: this.wrap() ? this.#columns() : undefined,
      prefixOf: (line) =>
        (this.timestamps() ? timeColumns : 0) +
        (this.merged() ? this.shortLabel(line.source).length + 1 : 0) +
        (looksLikeJson(line.text) ? foldColumns : 0),
      unfolded: this.#unfolded(),
    }),
  );
  protected readonly matches = computed(() => {
    const expression = this.#expression();
    return expression ? matchingLines(this.lines(), expression) : [];
  });
  protected readonly unread = computed(() => {
    if (this.follow()) return 0;
    return this.reader.lines().filter(({ number }) => number > this.#seen()).length;
  });
  /** Why there is nothing to read: the containers never started. */
  protected readonly cause = computed(() => {
    if (this.sources().length > 0) return undefined;
    const causes = this.pods().map((pod) => podCause(pod, Date.now()));
    return causes.find((cause) => cause !== undefined);
  });

  constructor() {
    effect(() => {
      const [sources, minutes] = [this.sources(), this.since()];
      untracked(() => this.reader.follow(sources, minutes === 0 ? undefined : minutes * 60));
    });
    effect((onCleanup) => {
      const element = this.viewport()?.elementRef.nativeElement;
      if (!element) return;
      // Not when lines come, but when the list has become longer by them.
      const observer = new ResizeObserver(() => {
        this.#columns.set(columnsOf(element));
        if (this.#rowsBefore > 0) element.scrollBy(0, this.#rowsBefore * this.rowHeight);
        this.#rowsBefore = 0;
        if (this.follow()) this.#toEnd();
      });
      observer.observe(element);
      observer.observe(element.querySelector('.cdk-virtual-scroll-spacer') ?? element);
      onCleanup(() => observer.disconnect());
    });
    inject(DestroyRef).onDestroy(() => this.reader.stop());
  }

  protected readonly keyOf = (_index: number, { line, from, detail }: LogRow): string =>
    `${line.number}${detail === undefined ? ':' : '+'}${from}`;

  protected spans({ line, from, to, detail }: LogRow) {
    const expression = this.#expression();
    const spans = detail === undefined ? cutSpans(parseAnsi(line.text), from, to) : [{ text: detail, style: '' }];
    return spans.map(({ text, style }) => ({ style, pieces: highlight(text, expression) }));
  }

  /** Whether the row is the first of a line that can be unfolded. */
  protected canUnfold({ line, from, detail }: LogRow): boolean {
    return from === 0 && detail === undefined && looksLikeJson(line.text);
  }

  protected isUnfolded({ line }: LogRow): boolean {
    return this.#unfolded().has(line.number);
  }

  protected unfold({ line }: LogRow): void {
    this.#letGo();
    this.#unfolded.update((numbers) => {
      const next = new Set(numbers);
      if (!next.delete(line.number)) next.add(line.number);
      return next;
    });
  }

  protected showPrevious(previous: boolean): void {
    this.reader.startOver();
    this.previous.set(previous);
  }

  /** What is read stays where it is while older lines come before it. */
  protected async readOlder(): Promise<void> {
    this.#letGo();
    const before = this.rows().length;
    await this.reader.readOlder();
    this.#rowsBefore = this.rows().length - before;
  }

  /** One of eight colours, the same for the same instance every time. */
  protected colourOf(source: string): string {
    let hash = 0;
    for (const letter of source) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
    return `source-${hash % 8}`;
  }

  protected shortLabel(source: string): string {
    const [pod = '', container] = source.split('/');
    const short = pod.split('-').slice(-1)[0] ?? pod;
    return container ? `${short}/${container}` : short;
  }

  /** Scrolling up lets go of the end without stopping what comes in; back at the end it holds on again. */
  protected scrolled(): void {
    const left = this.viewport()?.measureScrollOffset('bottom') ?? 0;
    if (left < this.rowHeight) this.follow.set(true);
    else if (left > this.rowHeight * 2 && this.follow()) this.#letGo();
  }

  #letGo(): void {
    if (this.follow()) this.#seen.set(this.reader.lines().at(-1)?.number ?? 0);
    this.follow.set(false);
  }

  protected toEnd(): void {
    this.follow.set(true);
    this.#toEnd();
  }

  protected step(by: number): void {
    const count = this.matches().length;
    if (count === 0) return;
    this.match.update((match) => (match + by + count) % count);
    this.#letGo();
    const row = firstRowOf(this.rows(), this.matches()[this.match()] ?? 0);
    this.viewport()?.scrollToIndex(Math.max(0, row - 4));
  }

  protected isCurrent({ place }: LogRow): boolean {
    return this.matches()[this.match()] === place;
  }

  protected press(event: KeyboardEvent): void {
    if (event.isComposing || event.target instanceof HTMLInputElement) return;
    if (event.code === 'KeyF' && this.follow()) this.#letGo();
    else if (event.code === 'KeyF') this.toEnd();
    else if (event.code === 'KeyW') this.wrap.update((wraps) => !wraps);
    else if (event.code === 'KeyT') this.timestamps.update((shown) => !shown);
    else if (event.code === 'KeyN') this.step(event.shiftKey ? -1 : 1);
    else return;
    event.stopPropagation();
  }

  protected download(): void {
    const text = this.lines()
      .map((line) => `${line.time} ${line.source} ${line.text}`)
      .join('\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = `${this.target().app?.split('/')[1] ?? this.target().pod ?? 'logs'}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  #toEnd(): void {
    const element = this.viewport()?.elementRef.nativeElement;
    if (element) element.scrollTop = element.scrollHeight;
  }
}

function hasStarted(
  statuses: readonly { name: string; state?: object; lastState?: object; restartCount: number }[] | undefined,
  name: string,
): boolean {
  const status = statuses?.find((candidate) => candidate.name === name);
  if (!status) return false;
  return status.restartCount > 0 || !('waiting' in (status.state ?? { waiting: true }));
}

/** Whether a run of the container has ended, so that its words can still be had. */
function hasEnded(statuses: readonly { name: string; restartCount: number }[] | undefined, name: string): boolean {
  return statuses?.some((status) => status.name === name && status.restartCount > 0) ?? false;
}

/** Letters of equal width that fit into a row. */
function columnsOf(element: HTMLElement): number {
  const line = element.querySelector('.line');
  const context = document.createElement('canvas').getContext('2d');
  if (!line || !context) return 120;
  const { font, paddingLeft, paddingRight } = getComputedStyle(line);
  context.font = font;
  const room = element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  return Math.floor(room / context.measureText('0').width);
}
