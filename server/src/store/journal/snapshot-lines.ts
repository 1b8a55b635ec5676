/** A snapshot as lines of JSON, and back: the entries, then the history that led to them. */
// Values that stand are written once, though history ends in them; so a snapshot is as large as what memory holds.
import type { Step } from '../history.ts';
import type { Change, Entry } from '../store.ts';
import type { ChainPoint } from './journal-file.ts';

/** A store's state after a batch of the journal. */
export interface Snapshot {
  readonly revision: number;
  /** The first revision a watch can start after. */
  readonly oldest: number;
  /** Where the journal goes on from here. */
  readonly next: ChainPoint;
  readonly entries: Iterable<Entry>;
  readonly history: readonly Step[];
}

/** What a line says besides its value. Exactly one of `snapshot`, `key`, `past` and `change` is there. */
interface Head {
  snapshot?: number;
  oldest?: number;
  next?: ChainPoint;
  key?: string;
  past?: string;
  change?: string;
  revision: number;
  deleted?: true;
}

/** One line without its newline: `head` is open JSON when a value follows. */
export interface Line {
  readonly head: string;
  readonly value?: Buffer;
}

const FORMAT = 1;
const VALUE_MARK = ',"value":';

/** Undefined now and then: nothing to write, but a moment to let others run. */
export function* linesOf({ revision, oldest, next, entries, history }: Snapshot): Generator<Line | undefined> {
  yield { head: JSON.stringify({ snapshot: FORMAT, revision, oldest, next }) };
  for (const { key, revision, value } of entries) {
    yield { head: `{"key":${JSON.stringify(key)},"revision":${revision}`, value };
  }
  const newest = new Map<string, number>();
  for (const { previous, key, revision } of changesOf(history)) {
    const isFirst = !newest.has(key);
    newest.set(key, revision);
    const past = { head: `{"past":${JSON.stringify(key)},"revision":${previous?.revision}` };
    yield isFirst && previous ? { ...past, value: previous.value } : undefined;
  }
  for (const { key, revision, value } of changesOf(history)) {
    const head = `{"change":${JSON.stringify(key)},"revision":${revision}`;
    if (!value) yield { head: `${head},"deleted":true}` };
    else if (newest.get(key) === revision)
      yield { head: `${head}}` }; // It stands.
    else yield { head, value };
  }
}

function* changesOf(history: readonly Step[]): Generator<Change> {
  for (const { changes } of history) yield* changes;
}

/** Takes lines in order, whose checksum need not be known yet. Throws Error for one that `linesOf` does not write. */
export class SnapshotParser {
  readonly #entries = new Map<string, Entry>();
  readonly #past = new Map<string, Entry>();
  readonly #history: { revision: number; changes: Change[] }[] = [];
  #start: Pick<Snapshot, 'revision' | 'oldest' | 'next'> | undefined;

  /** The value shares the line's memory. */
  add(line: Buffer): void {
    const mark = line.indexOf(VALUE_MARK, 0, 'latin1');
    if (mark < 0) return this.#take(JSON.parse(line.toString()) as Head, undefined);
    const value = line.subarray(mark + VALUE_MARK.length, line.length - 1);
    this.#take(JSON.parse(`${line.toString('utf8', 0, mark)}}`) as Head, value);
  }

  finish(): Snapshot {
    if (!this.#start) throw new Error('there is no first line');
    return { ...this.#start, entries: this.#entries.values(), history: this.#history };
  }

  #take(head: Head, value: Buffer | undefined): void {
    const { revision } = head;
    if (head.snapshot !== undefined) this.#takeStart(head);
    else if (head.key !== undefined && value) this.#entries.set(head.key, { key: head.key, revision, value });
    else if (head.past !== undefined && value) this.#past.set(head.past, { key: head.past, revision, value });
    else if (head.change !== undefined) this.#takeChange(head.change, head, value);
    else throw new Error('a line is of no known kind');
  }

  #takeStart({ snapshot, revision, oldest = revision, next }: Head): void {
    if (snapshot !== FORMAT || !next) throw new Error(`the snapshot is of format ${snapshot}, not ${FORMAT}`);
    this.#start = { revision, oldest, next };
  }

  #takeChange(key: string, { revision, deleted }: Head, given: Buffer | undefined): void {
    const value = deleted ? null : (given ?? this.#entries.get(key)?.value);
    if (value === undefined) throw new Error(`a change of ${key} has no value`);
    const change = { key, value, previous: this.#past.get(key) ?? null, revision };
    if (value) this.#past.set(key, { key, value, revision });
    else this.#past.delete(key);
    const step = this.#history.at(-1);
    if (step?.revision === revision) step.changes.push(change);
    else this.#history.push({ revision, changes: [change] });
  }
}
