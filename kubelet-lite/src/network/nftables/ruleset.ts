/** The table as data: what each owner (a service, a pod, a policy) has in it, and the nft commands that lead from one state to another. */

export interface Chain {
  /** Base chains only: `type nat hook prerouting priority -105; policy accept;`. */
  hook?: string;
  rules: readonly string[];
}

export interface NamedSet {
  kind: 'set' | 'map';
  /** `type ipv4_addr; flags interval;` */
  body: string;
  /** Filled by packets, not by us: outlives changes of the rules. */
  dynamic?: boolean;
}

export interface Element {
  /** Name of the set or map. */
  in: string;
  key: string;
  /** Maps only. */
  data?: string;
}

/** What one owner has in the table. Chain and set names belong to one owner; an element may be wanted by several. */
export interface Fragment {
  chains: ReadonlyMap<string, Chain>;
  sets: ReadonlyMap<string, NamedSet>;
  elements: readonly Element[];
}

export const emptyFragment: Fragment = { chains: new Map(), sets: new Map(), elements: [] };

/** Names that stand in the kernel's table. */
export interface Existing {
  chains: readonly string[];
  sets: ReadonlyMap<string, NamedSet['kind']>;
}

const sameChain = (a: Chain, b: Chain) =>
  a.hook === b.hook && a.rules.length === b.rules.length && a.rules.every((rule, index) => rule === b.rules[index]);

const elementId = ({ in: set, key }: Element) => `${set} ${key}`;

/** Elements of one command: a line stays readable, and a map of thousands is not one line. */
const perCommand = 500;

class Commands {
  readonly #table: string;
  readonly #lines: string[] = [];

  constructor(table: string) {
    this.#table = table;
  }

  add(verb: string, rest: string): void {
    this.#lines.push(`${verb} ${rest.replace('%', `ip ${this.#table}`)}`);
  }

  declareSet(name: string, { kind, body }: NamedSet): void {
    this.add(`add ${kind}`, `% ${name} { ${body} }`);
  }

  declareChain(name: string, { hook }: Chain): void {
    this.add('add chain', hook ? `% ${name} { ${hook} }` : `% ${name}`);
  }

  rules(name: string, { rules }: Chain): void {
    for (const rule of rules) this.#lines.push(`add rule ip ${this.#table} ${name} ${rule}`);
  }

  elements(verb: 'add' | 'delete', elements: Iterable<Element>): void {
    const bySet = new Map<string, string[]>();
    for (const { in: set, key, data } of elements) {
      const text = verb === 'add' && data !== undefined ? `${key} : ${data}` : key;
      const texts = bySet.get(set);
      if (texts) texts.push(text);
      else bySet.set(set, [text]);
    }
    for (const [set, texts] of bySet) {
      for (let from = 0; from < texts.length; from += perCommand)
        this.add(`${verb} element`, `% ${set} { ${texts.slice(from, from + perCommand).join(', ')} }`);
    }
  }

  toString(): string {
    return this.#lines.length ? `${this.#lines.join('\n')}\n` : '';
  }
}

/** Who wants which elements. Of several owners with different data the one that came first has its way. */
class Claims {
  readonly #claims = new Map<string, Map<string, Element>>();

  standing(id: string): Element | undefined {
    return this.#claims.get(id)?.values().next().value;
  }

  claim(owner: string, element: Element): void {
    const id = elementId(element);
    const owners = this.#claims.get(id);
    if (owners) owners.set(owner, element);
    else this.#claims.set(id, new Map([[owner, element]]));
  }

  release(owner: string, id: string): void {
    const owners = this.#claims.get(id);
    owners?.delete(owner);
    if (owners?.size === 0) this.#claims.delete(id);
  }

  *all(): Iterable<Element> {
    for (const owners of this.#claims.values())
      for (const element of owners.values()) {
        yield element;
        break;
      }
  }
}

export class Ruleset {
  readonly table: string;
  readonly #wanted = new Map<string, Fragment>();
  readonly #claims = new Claims();
  /** What the kernel was told of each dirty owner, before. */
  readonly #before = new Map<string, Fragment>();
  /** Elements as they stood, of those that may have changed. */
  readonly #elementsBefore = new Map<string, Element | undefined>();

  constructor(table: string) {
    this.table = table;
  }

  get(owner: string): Fragment | undefined {
    return this.#wanted.get(owner);
  }

  get isDirty(): boolean {
    return this.#before.size > 0;
  }

  /** Says what `owner` is to have from now on; undefined: nothing. */
  put(owner: string, fragment: Fragment | undefined): void {
    const old = this.#wanted.get(owner);
    if (!old && !fragment) return;
    if (!this.#before.has(owner)) this.#before.set(owner, old ?? emptyFragment);
    const next = fragment ?? emptyFragment;
    const kept = new Set(next.elements.map(elementId));
    for (const element of old?.elements ?? []) {
      const id = elementId(element);
      this.#remember(id);
      if (!kept.has(id)) this.#claims.release(owner, id);
    }
    for (const element of next.elements) {
      this.#remember(elementId(element));
      this.#claims.claim(owner, element);
    }
    if (fragment) this.#wanted.set(owner, fragment);
    else this.#wanted.delete(owner);
  }

  /** The commands from what was last taken to now. Afterwards nothing is dirty. */
  takeChanges(): string {
    const commands = new Commands(this.table);
    const changes = [...this.#before].map(([owner, old]) => ({ old, next: this.#wanted.get(owner) ?? emptyFragment }));
    const changed = changes.flatMap(({ old, next }) =>
      [...next.chains].filter(([name, chain]) => {
        const before = old.chains.get(name);
        return !before || !sameChain(before, chain);
      }),
    );
    const goneChains = changes.flatMap(({ old, next }) =>
      [...old.chains.keys()].filter((name) => !next.chains.has(name)),
    );
    const goneSets = changes.flatMap(({ old, next }) => [...old.sets].filter(([name]) => !next.sets.has(name)));
    const { removed, added } = this.#changedElements();

    for (const { old, next } of changes)
      for (const [name, set] of next.sets) if (!old.sets.has(name)) commands.declareSet(name, set);
    for (const [name, chain] of changed) commands.declareChain(name, chain);
    commands.elements('delete', removed);
    for (const name of [...goneChains, ...changed.map(([name]) => name)]) commands.add('flush chain', `% ${name}`);
    for (const [name, chain] of changed) commands.rules(name, chain);
    commands.elements('add', added);
    for (const name of goneChains) commands.add('delete chain', `% ${name}`);
    for (const [name, { kind }] of goneSets) commands.add(`delete ${kind}`, `% ${name}`);
    this.#clean();
    return commands.toString();
  }

  /**
   * The commands that make the table what it is to be, whatever stands in it. `existing` are the names that do; with
   * `keepRest` what is not known here is left as it is. Afterwards nothing is dirty.
   */
  takeWhole(existing: Existing, { keepRest }: { keepRest: boolean }): string {
    const commands = new Commands(this.table);
    const sets = new Map([...this.#wanted.values()].flatMap(({ sets }) => [...sets]));
    const chains = new Map([...this.#wanted.values()].flatMap(({ chains }) => [...chains]));
    const elements = [...this.#claims.all()];
    const filled = new Set(elements.map((element) => element.in));
    const goneChains = keepRest ? [] : existing.chains.filter((name) => !chains.has(name));

    commands.add('add table', '%');
    for (const [name, set] of sets) commands.declareSet(name, set);
    for (const [name, chain] of chains) commands.declareChain(name, chain);
    for (const name of [...goneChains, ...chains.keys()]) commands.add('flush chain', `% ${name}`);
    for (const name of existing.sets.keys()) {
      const set = sets.get(name);
      if (set && !set.dynamic && (!keepRest || filled.has(name))) commands.add(`flush ${set.kind}`, `% ${name}`);
    }
    for (const [name, chain] of chains) commands.rules(name, chain);
    commands.elements('add', elements);
    if (!keepRest) {
      for (const name of goneChains) commands.add('delete chain', `% ${name}`);
      for (const [name, kind] of existing.sets) if (!sets.has(name)) commands.add(`delete ${kind}`, `% ${name}`);
    }
    this.#clean();
    return commands.toString();
  }

  /** The commands that make the table anew, from nothing. Afterwards nothing is dirty. */
  takeAnew(): string {
    const clear = `add table ip ${this.table}\ndelete table ip ${this.table}\n`;
    return clear + this.takeWhole({ chains: [], sets: new Map() }, { keepRest: false });
  }

  #remember(id: string): void {
    if (!this.#elementsBefore.has(id)) this.#elementsBefore.set(id, this.#claims.standing(id));
  }

  #changedElements(): { removed: Element[]; added: Element[] } {
    const removed: Element[] = [];
    const added: Element[] = [];
    for (const [id, before] of this.#elementsBefore) {
      const now = this.#claims.standing(id);
      if (before && now && before.data === now.data) continue;
      if (before) removed.push(before);
      if (now) added.push(now);
    }
    return { removed, added };
  }

  #clean(): void {
    this.#before.clear();
    this.#elementsBefore.clear();
  }
}
