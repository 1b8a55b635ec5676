/** The state of a table that lives: filter, sort, page and selection in the address; rows that never move under a hand. */
import { type Signal, computed, inject, linkedSignal, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { freezeRows } from './row-freeze';
import { matchesText } from './korean-match';

export interface LiveTableOptions<Row> {
  readonly rows: Signal<readonly Row[]>;
  readonly key: (row: Row) => string;
  /** What the filter looks in. */
  readonly text: (row: Row) => string;
  readonly columns: Readonly<Record<string, (row: Row) => string | number>>;
  readonly firstSort: string;
  readonly pageSize?: number;
}

export interface ShownRow<Row> {
  readonly key: string;
  readonly row: Row;
  /** Whether it is gone and only waits for the pointer to leave. */
  readonly gone: boolean;
}

export type LiveTable<Row> = ReturnType<typeof liveTable<Row>>;

/** To be called where things are injected. */
export function liveTable<Row>(options: LiveTableOptions<Row>) {
  const router = inject(Router);
  const route = inject(ActivatedRoute);
  const pageSize = options.pageSize ?? 50;
  const query = toSignal(route.queryParamMap, { requireSync: true });
  const filter = computed(() => query().get('q') ?? '');
  const sort = computed(() => query().get('sort') ?? options.firstSort);
  const page = computed(() => Math.max(Number(query().get('page') ?? 1) || 1, 1));
  const set = (queryParams: Record<string, string | null>) =>
    void router.navigate([], { relativeTo: route, queryParams, queryParamsHandling: 'merge', replaceUrl: true });

  const frozen = signal(false);
  const selected = signal<ReadonlySet<string>>(new Set());
  const current = computed(() => {
    const matching = options.rows().filter((row) => matchesText(options.text(row), filter()));
    return sorted(matching, options.columns, sort(), options.key);
  });
  const byKey = computed(() => new Map(options.rows().map((row) => [options.key(row), row])));
  const currentKeys = computed(() => current().map(options.key));
  const applied = signal(0);
  const view = computed(() => `${filter()} ${sort()} ${page()} ${applied()}`);
  const kept = linkedSignal<{ keys: readonly string[]; frozen: boolean; view: string }, FrozenView<Row>>({
    source: () => ({ keys: currentKeys(), frozen: frozen(), view: view() }),
    computation: ({ keys, frozen, view }, previous) => {
      const asked = previous?.value.view !== view;
      const { shown, pending } = freezeRows(previous?.value.shown ?? [], keys, frozen && !asked);
      return { shown, pending, view, last: remember(previous?.value.last, byKey(), shown) };
    },
  });

  const lastPage = computed(() => Math.max(1, Math.ceil(kept().shown.length / pageSize)));
  const from = computed(() => (Math.min(page(), lastPage()) - 1) * pageSize);
  const rows = computed<readonly ShownRow<Row>[]>(() => {
    const latest = byKey();
    return kept()
      .shown.slice(from(), from() + pageSize)
      .flatMap((key) => {
        const row = latest.get(key) ?? kept().last.get(key);
        return row === undefined ? [] : [{ key, row, gone: !latest.has(key) }];
      });
  });

  let anchor: string | undefined;
  return {
    filter,
    sort,
    page,
    lastPage,
    frozen,
    rows,
    from,
    pageSize,
    total: computed(() => kept().shown.length),
    pending: computed(() => kept().pending),
    selected,
    selectedRows: computed(() => [...selected()].flatMap((key) => byKey().get(key) ?? [])),
    apply: () => applied.update((count) => count + 1),
    setFilter: (text: string) => set({ q: text || null, page: null }),
    setPage: (number: number) => set({ page: number <= 1 ? null : String(number) }),
    /** Sorts by a column; once more turns it round. */
    toggleSort: (column: string) => set({ sort: sort() === column ? `-${column}` : column, page: null }),
    /** Selects or not; with `range`, everything from the row selected before. */
    toggle: (key: string, range: boolean) => {
      const keys = kept().shown;
      const [start, end] = [keys.indexOf(anchor ?? key), keys.indexOf(key)].sort((a, b) => a - b);
      const touched = range && start !== undefined && start >= 0 ? keys.slice(start, (end ?? 0) + 1) : [key];
      const on = !selected().has(key);
      selected.update((before) => {
        const next = new Set(before);
        for (const one of touched)
          if (on) next.add(one);
          else next.delete(one);
        return next;
      });
      anchor = key;
    },
    toggleAll: () => selected.update((before) => new Set(before.size === kept().shown.length ? [] : kept().shown)),
    clearSelection: () => selected.set(new Set()),
  };
}

interface FrozenView<Row> {
  readonly shown: readonly string[];
  readonly pending: number;
  readonly view: string;
  /** The rows as they were last, for those that are gone but still on show. */
  readonly last: ReadonlyMap<string, Row>;
}

function remember<Row>(
  last: ReadonlyMap<string, Row> | undefined,
  latest: ReadonlyMap<string, Row>,
  shown: readonly string[],
): ReadonlyMap<string, Row> {
  return new Map(
    shown.flatMap((key) => {
      const row = latest.get(key) ?? last?.get(key);
      return row === undefined ? [] : [[key, row] as const];
    }),
  );
}

function sorted<Row>(
  rows: readonly Row[],
  columns: LiveTableOptions<Row>['columns'],
  sort: string,
  key: (row: Row) => string,
): Row[] {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const value = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (!value) return [...rows];
  const compare = (a: Row, b: Row) => {
    const [x, y] = [value(a), value(b)];
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return (descending ? -order : order) || key(a).localeCompare(key(b));
  };
  return [...rows].sort(compare);
}
