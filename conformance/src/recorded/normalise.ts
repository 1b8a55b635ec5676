/** Replaces what differs from run to run by names, in order of first appearance, so that references must still agree. */

export class Normaliser {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #words: readonly (readonly [string, string])[];

  /** `words`: values of this run and what stands for them in the recording, e.g. the namespace's name. */
  constructor(words: readonly (readonly [string, string])[]) {
    this.#words = words;
  }

  /** One that knows the same names, and learns its own from here on. */
  copy(): Normaliser {
    const copy = new Normaliser(this.#words);
    for (const [value, name] of this.#names) copy.#names.set(value, name);
    for (const [kind, count] of this.#counts) copy.#counts.set(kind, count);
    return copy;
  }

  /** First learns every value that belongs to this run by the field it stands in, then replaces all of them everywhere. */
  normalise(body: unknown): unknown {
    this.#learn(body, '');
    return this.#clean(body, '');
  }

  text(value: string): string {
    const known = [...this.#names].filter(([from]) => from.length > 3).sort(([a], [b]) => b.length - a.length);
    const named = known.reduce((text, [from, to]) => (text.includes(from) ? text.replaceAll(from, to) : text), value);
    return this.#words
      .reduce((text, [from, to]) => text.replaceAll(from, to), named)
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>')
      .replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-<x>')
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (uid) => this.#name('uid', uid));
  }

  #name(kind: string, value: string): string {
    const known = this.#names.get(value);
    if (known) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#names.set(value, `<${kind}-${count}>`);
    return `<${kind}-${count}>`;
  }

  #learn(value: unknown, key: string): void {
    if (Array.isArray(value)) return value.forEach((item) => this.#learn(item, key));
    if (typeof value === 'object' && value !== null) {
      this.#learnObject(value as Record<string, unknown>);
      for (const [child, item] of Object.entries(value)) this.#learn(item, child);
    } else if (typeof value === 'string' && value) {
      this.#learnText(value, key);
    }
  }

  #learnObject(object: Record<string, unknown>): void {
    const metadata = object['metadata'] as { generateName?: string; name?: string } | undefined | null;
    if (metadata?.generateName && metadata.name?.startsWith(metadata.generateName))
      this.#name('generated', metadata.name);
    for (const label of ['pod-template-hash', 'controller-revision-hash']) {
      const hash = object[label];
      if (typeof hash === 'string' && hash) this.#name('hash', hash);
    }
  }

  #learnText(value: string, key: string): void {
    if (['uid', 'controller-uid', 'batch.kubernetes.io/controller-uid'].includes(key)) this.#name('uid', value);
    else if (/^(clusterIPs?|podIP|hostIP|ip)$/.test(key) && /^[\da-f.:]+$/.test(value) && !/^127\.|^::1$/.test(value))
      this.#name('ip', value);
    else if (key === 'nodeName') this.#name('node', value);
  }

  #clean(value: unknown, key: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#clean(item, key));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([child, item]) => [this.text(child), this.#clean(item, child)] as const);
      return Object.fromEntries(entries);
    }
    if (/^(nodePort|healthCheckNodePort)$/.test(key) && typeof value === 'number') return '<port>';
    if (typeof value !== 'string') return value;
    if (['resourceVersion', 'continue', 'token', 'expirationTimestamp'].includes(key))
      return value && value !== '0' ? `<${key}>` : value;
    if (/^(containerID|imageID|image_id)$/.test(key)) return value && '<container>';
    if (key === 'cells' && /^((\d+[smhd])+|<(unknown|invalid)>)$/.test(value)) return '<age>';
    return this.text(value);
  }
}
