/** What was used, remembered: every 15 seconds for 2 hours, and every minute for 24. Kept on disk; memory holds only where what stands. */
import type { Clock } from '@naru/api/clock';
import { HistoryFile } from './history-file.ts';
import { MinuteMeans } from './minute-means.ts';
import { valuesOf, type HistoryRecord, type Layout, type Resolution, type Series, type Tick } from './records.ts';

export const steps: Readonly<Record<Resolution, number>> = { fine: 15_000, coarse: 60_000 };
export const spans: Readonly<Record<Resolution, number>> = { fine: 2 * 3_600_000, coarse: 24 * 3_600_000 };

/** What waits longer is written. A crash loses no more than this. */
const writeEvery = 60_000;
/** The file may hold so much more than what is wanted of it before it is written anew. */
const mostWaiting = 1000;
const slack = { share: 0.2, bytes: 256 * 1024 };

/** A row of one tick. */
export interface Row {
  series: Omit<Series, 'id'>;
  values: readonly number[];
}

interface Place {
  resolution: Resolution;
  time: number;
  layout: number;
  at: number;
  size: number;
}

export interface HistoryOptions {
  file: string;
  clock: Clock;
  onError(error: unknown): void;
}

export class History {
  readonly #options: HistoryOptions;
  readonly #file: HistoryFile;
  readonly #series = new Map<number, Series>();
  readonly #ids = new Map<string, number>();
  readonly #layouts = new Map<number, Layout>();
  readonly #layoutNumbers = new Map<string, number>();
  #nextId = 1;
  #nextLayout = 1;
  #places: Place[] = [];
  #waiting: HistoryRecord[] = [];
  #lastWrite: number;
  readonly #means: MinuteMeans;
  /** One thing at a time is done to the file. */
  #turn: Promise<unknown>;
  #isOpen = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#file = new HistoryFile(options.file);
    this.#lastWrite = options.clock.now();
    this.#means = new MinuteMeans((time, values) => this.#addTick('coarse', time, values));
    this.#turn = this.#open().catch(options.onError);
  }

  /** Resolves when what was there has been read. */
  ready(): Promise<void> {
    return this.#inTurn(() => Promise.resolve());
  }

  /** `time`: a whole quarter of a minute. */
  add(time: number, rows: readonly Row[]): void {
    const values = rows.map(({ series, values }) => [this.#idOf(series), values] as const);
    values.sort(([one], [other]) => one - other);
    this.#means.add(time, values);
    this.#addTick('fine', time, values);
    if (this.#options.clock.now() - this.#lastWrite >= writeEvery) this.#write();
  }

  /** Calls `visit` for every tick from `since` on that is kept, oldest first, with the series of each of its rows. */
  async read(
    resolution: Resolution,
    since: number,
    visit: (time: number, rows: Iterable<readonly [Series, Float32Array]>) => void,
  ): Promise<void> {
    await this.#inTurn(async () => {
      await this.#flush();
      const first = this.#places.find((place) => place.resolution === resolution && place.time >= since);
      if (!first) return;
      await this.#file.scan(first.at, (record) => {
        if (record.type !== 'tick' || record.tick.resolution !== resolution || record.tick.time < since) return;
        visit(record.tick.time, this.#rowsOf(record.tick));
      });
    });
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#file.size;
  }

  async close(): Promise<void> {
    this.#means.finish();
    await this.#inTurn(() => this.#flush());
    await this.#file.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#turn.then(() => (this.#isOpen ? work() : undefined));
    this.#turn = done.catch(this.#options.onError);
    return done;
  }

  async #open(): Promise<void> {
    await this.#file.open((record, at, size) => this.#learn(record, { at, size }));
    this.#isOpen = true;
  }

  #learn(record: HistoryRecord, place: { at: number; size: number }): void {
    if (record.type === 'series') this.#remember(record.series);
    else if (record.type === 'layout') this.#rememberLayout(record.layout);
    else {
      const { resolution, time, layout } = record.tick;
      this.#places.push({ resolution, time, layout, ...place });
    }
  }

  #remember(series: Series): void {
    this.#series.set(series.id, series);
    this.#ids.set(keyOf(series), series.id);
    this.#nextId = Math.max(this.#nextId, series.id + 1);
  }

  #rememberLayout(layout: Layout): void {
    this.#layouts.set(layout.number, layout);
    this.#layoutNumbers.set(layout.ids.join(), layout.number);
    this.#nextLayout = Math.max(this.#nextLayout, layout.number + 1);
  }

  #idOf(described: Omit<Series, 'id'>): number {
    const known = this.#ids.get(keyOf(described));
    if (known !== undefined) return known;
    const series = { id: this.#nextId, ...described };
    this.#remember(series);
    this.#waiting.push({ type: 'series', series });
    return series.id;
  }

  #addTick(resolution: Resolution, time: number, values: readonly (readonly [number, readonly number[]])[]): void {
    const ids = values.map(([id]) => id);
    let number = this.#layoutNumbers.get(ids.join());
    if (number === undefined) {
      number = this.#nextLayout;
      const layout = { number, ids };
      this.#rememberLayout(layout);
      this.#waiting.push({ type: 'layout', layout });
    }
    const tick: Tick = {
      resolution,
      time,
      layout: number,
      values: Float32Array.from(values.flatMap(([, row]) => row)),
    };
    this.#waiting.push({ type: 'tick', tick });
    // Nothing can be written: the newest is worth most.
    if (this.#waiting.length > mostWaiting) this.#waiting.splice(0, this.#waiting.length - mostWaiting);
  }

  #write(): void {
    this.#lastWrite = this.#options.clock.now();
    void this.#inTurn(async () => {
      await this.#flush();
      await this.#forget();
    }).catch(() => {}); // told by the turn
  }

  async #flush(): Promise<void> {
    const records = this.#waiting;
    if (records.length === 0) return;
    const places = await this.#file.append(records);
    this.#waiting = this.#waiting.slice(records.length);
    records.forEach((record, index) => {
      if (record.type === 'tick') this.#learn(record, places[index]!);
    });
  }

  /** Writes the file anew when too much of it is old. */
  async #forget(): Promise<void> {
    const now = this.#options.clock.now();
    const kept = this.#places.filter(({ resolution, time }) => time >= now - spans[resolution]);
    const wanted = kept.reduce((sum, { size }) => sum + size, 0);
    if (this.#file.size - wanted < slack.bytes + slack.share * wanted) {
      return;
    }
    const layouts = [...new Set(kept.map(({ layout }) => layout))].flatMap((number) => this.#layouts.get(number) ?? []);
    const series = [...new Set(layouts.flatMap(({ ids }) => ids))].flatMap((id) => this.#series.get(id) ?? []);
    const places = await this.#file.replace(
      [
        ...series.map((one) => ({ type: 'series', series: one }) as const),
        ...layouts.map((layout) => ({ type: 'layout', layout }) as const),
      ],
      kept,
    );
    this.#places = kept.map((place, index) => ({ ...place, at: places[index]! }));
    this.#forgetAllBut(series, layouts);
  }

  #forgetAllBut(series: readonly Series[], layouts: readonly Layout[]): void {
    const waiting = this.#waiting.filter((record) => record.type === 'tick');
    const known = new Set(layouts);
    // What waits may name series and layouts that no kept tick does: they are written once more.
    const named = [...new Set(waiting.map(({ tick }) => tick.layout))].flatMap((one) => this.#layouts.get(one) ?? []);
    const missing = named.filter((layout) => !known.has(layout));
    const owners = [...new Set(missing.flatMap(({ ids }) => ids))].flatMap((id) => this.#series.get(id) ?? []);
    for (const map of [this.#series, this.#ids, this.#layouts, this.#layoutNumbers]) map.clear();
    for (const one of [...series, ...owners]) this.#remember(one);
    for (const layout of [...layouts, ...missing]) this.#rememberLayout(layout);
    this.#waiting = [
      ...owners.map((one) => ({ type: 'series', series: one }) as const),
      ...missing.map((layout) => ({ type: 'layout', layout }) as const),
      ...waiting,
    ];
  }

  *#rowsOf({ layout, values }: Tick): Iterable<readonly [Series, Float32Array]> {
    let at = 0;
    for (const id of this.#layouts.get(layout)?.ids ?? []) {
      const series = this.#series.get(id);
      if (!series) return;
      const width = valuesOf[series.kind];
      yield [series, values.subarray(at, at + width)];
      at += width;
    }
  }
}

const keyOf = ({ kind, namespace, name, uid, container = '' }: Omit<Series, 'id'>): string =>
  [kind, namespace, name, uid, container].join('/');
