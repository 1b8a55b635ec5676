/** Holds a recorded conversation again with the target and tells each step that differs. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { call, type Answer, type Target } from '../harness/target.ts';
import { differences, drop, pick, type Conversation, type Step } from './conversation.ts';
import { Normaliser } from './normalise.ts';

export interface StepDifference {
  step: number;
  title: string;
  differences: string[];
}

type Given = { status: number; type: string; warnings?: string[]; body: unknown; late?: string };

/** How what is recorded stands to time. */
export interface Pace {
  /**
   * Controllers work beside the conversation: what is read was recorded after they had settled, so a read that differs
   * is made again for this long.
   */
  settleSeconds?: number;
}

/** Makes the conversation's namespaces, takes its steps, cleans up. Returns the steps that did not agree. */
export async function replay(conversation: Conversation, target: Target, pace: Pace = {}): Promise<StepDifference[]> {
  const session = new Session(target);
  const made = (['ns', 'ns2'] as const).slice(0, conversation.namespaces ?? 1);
  try {
    for (const name of made) await session.makeNamespace(name, conversation.serviceAccount !== false);
    const found: StepDifference[] = [];
    for (const [index, step] of conversation.steps.entries()) {
      const different = await session.take(step, pace.settleSeconds ?? 0);
      if (different.length)
        found.push({
          step: index,
          title: step.title ?? step.do ?? step.until ?? step.collect ?? '',
          differences: different,
        });
    }
    return found;
  } finally {
    for (const step of conversation.cleanup ?? []) await session.act(step).catch(() => {});
    for (const name of made) await session.removeNamespace(name).catch(() => {});
    session.close();
  }
}

class Session {
  readonly #target: Target;
  readonly #variables: Map<string, string>;
  #normaliser: Normaliser;
  readonly #events = new Map<string, unknown[]>();
  readonly #open: IncomingMessage[] = [];

  constructor(target: Target) {
    const id = [...randomBytes(6)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
    this.#target = target;
    this.#variables = new Map([
      ['id', id],
      ['ns', `g-${id}`],
      ['ns2', `g2-${id}`],
    ]);
    this.#normaliser = new Normaliser([
      [`g2-${id}`, '<ns2>'],
      [`g-${id}`, '<ns>'],
      [id, '<id>'],
    ]);
  }

  async makeNamespace(name: 'ns' | 'ns2', withAccount: boolean): Promise<void> {
    const namespace = this.#variables.get(name)!;
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await call(this.#target, {
      method: 'POST',
      path: '/api/v1/namespaces',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (withAccount)
      await this.act({
        until: `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
        where: "o.kind==='ServiceAccount'",
        seconds: 15,
      });
  }

  async removeNamespace(name: 'ns' | 'ns2'): Promise<void> {
    await call(this.#target, { method: 'DELETE', path: `/api/v1/namespaces/${this.#variables.get(name)!}` });
  }

  close(): void {
    for (const response of this.#open) response.destroy();
  }

  /** What differs in this step; its saved values are kept for later ones. */
  async take(step: Step, settleSeconds: number): Promise<string[]> {
    const reads = step.until !== undefined || step.do?.startsWith('GET ');
    const end = Date.now() + (reads ? settleSeconds * 1000 : 0);
    for (;;) {
      const named = this.#normaliser.copy();
      const different = await this.#attempt(step);
      if (different.length === 0 || Date.now() >= end) return different;
      this.#normaliser = named;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  async #attempt(step: Step): Promise<string[]> {
    const answer = await this.act(step).catch((error: unknown): Given => ({
      status: 0,
      type: '',
      body: String(error),
    }));
    if (!answer) return [];
    for (const [name, dotted] of Object.entries(step.save ?? {}))
      this.#variables.set(name, String(pick(answer.body, dotted)));
    // Names are given in order of first appearance, in answers that are not compared too.
    const normal = this.#normal(answer, step);
    if (step.compare === 'none') return [];
    return differences(
      step.answer,
      JSON.parse(JSON.stringify(step.compare === 'status' ? { status: normal.status } : normal)),
    );
  }

  #normal(answer: Given, step: Step): Given {
    const body = this.#normaliser.normalise(answer.body);
    const normal: Given = {
      ...answer,
      ...(answer.warnings && { warnings: answer.warnings.map((text) => this.#normaliser.text(text)) }),
      body,
    };
    const items = (body as { items?: unknown[] } | null)?.items;
    const { sort } = step;
    if (sort && Array.isArray(items))
      items.sort((a, b) => JSON.stringify(pick(a, sort)).localeCompare(JSON.stringify(pick(b, sort))));
    for (const dotted of step.ignore ?? []) drop(normal.body, dotted);
    if (step.only) normal.body = Object.fromEntries(step.only.map((dotted) => [dotted, pick(normal.body, dotted)]));
    return normal;
  }

  async act(template: Step): Promise<Given | undefined> {
    const step = this.#fill(template) as Step;
    if (step.do) return this.#request(step);
    if (step.until) return this.#until(step.until, step.where ?? 'true', step.seconds ?? 30);
    if (step.watch) return this.#watch(step.watch, step);
    if (step.collect) return this.#collect(step.collect, step.count ?? Infinity, step.seconds ?? 5);
    if (!step.sleep) throw new Error(`step without do, until, watch, collect or sleep: ${JSON.stringify(step)}`);
    await new Promise((resolve) => setTimeout(resolve, step.sleep! * 1000));
    return undefined;
  }

  async #request(step: Step): Promise<Given> {
    const [method = 'GET', path = '/'] = step.do!.split(/ (.*)/s);
    const headers: Record<string, string> = { accept: step.accept ?? 'application/json', ...step.headers };
    const body = step.raw ?? (step.body === undefined ? undefined : JSON.stringify(step.body));
    if (body !== undefined) headers['content-type'] = step.type ?? 'application/json';
    const answer = await call(this.#target, {
      method,
      path: encodeURI(path).replaceAll('%25', '%'),
      headers,
      ...(body !== undefined && { body }),
    });
    return given(answer);
  }

  async #until(path: string, where: string, seconds: number): Promise<Given> {
    const holds = new Function('o', `return (${where})`) as (object: unknown) => unknown;
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const answer = given(await call(this.#target, { path, headers: { accept: 'application/json' } }));
      if (holdsFor(holds, answer.body)) return answer;
      if (Date.now() > end) return { ...answer, late: `not reached in ${seconds} s: ${where}` };
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  async #watch(name: string, step: Step): Promise<Given> {
    const { server, agent } = this.#target;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { accept: step.accept ?? 'application/json' };
      request({ agent, host: server.hostname, port: server.port, path: step.path, headers }, resolve)
        .on('error', reject)
        .end();
    });
    const events: unknown[] = [];
    let rest = '';
    response.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line) events.push(JSON.parse(line));
    });
    response.on('error', () => {});
    this.#events.set(name, events);
    this.#open.push(response);
    return { status: response.statusCode ?? 0, type: mediaType(response.headers['content-type']), body: null };
  }

  async #collect(name: string, count: number, seconds: number): Promise<Given> {
    const events = this.#events.get(name) ?? [];
    const end = Date.now() + seconds * 1000;
    while (events.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    return { status: 200, type: 'events', body: events.splice(0) };
  }

  #fill(value: unknown): unknown {
    if (typeof value === 'string')
      return value.replace(/\{(\w+)\}/g, (all, name: string) => this.#variables.get(name) ?? all);
    if (Array.isArray(value)) return value.map((item) => this.#fill(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.#fill(key) as string, this.#fill(item)]),
    );
  }
}

function holdsFor(holds: (object: unknown) => unknown, body: unknown): boolean {
  try {
    return Boolean(holds(body));
  } catch {
    return false; // what the expression looks for is not there yet
  }
}

const mediaType = (header: string | string[] | undefined) => String(header ?? '').split(';')[0] ?? '';

/** Naru warns of fields that nothing acts on (docs/reference/not-acted-on.md); what was recorded acted on them. */
const isOurOwn = (warning: string): boolean => warning.includes(': not acted on: ');

function given({ status, headers, warnings: all, body }: Answer): Given {
  const warnings = all.filter((warning) => !isOurOwn(warning));
  return { status, type: mediaType(headers['content-type']), ...(warnings.length && { warnings }), body };
}
