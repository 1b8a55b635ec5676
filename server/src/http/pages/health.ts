/** /healthz, /livez and /readyz: is the server alive, may it be asked? */
// Like apiserver pkg/server/healthz.
import { NoSuchPath } from '../no-such-path.ts';
import { sendText } from '../write-response.ts';
import type { Page } from './page.ts';

/** A named check; it throws when something is wrong. */
export interface HealthCheck {
  readonly name: string;
  check(): void | Promise<void>;
}

export interface HealthChecks {
  readonly healthz: readonly HealthCheck[];
  readonly livez: readonly HealthCheck[];
  readonly readyz: readonly HealthCheck[];
}

interface Outcome {
  readonly name: string;
  readonly result: 'ok' | 'excluded' | 'failed';
}

export function healthPage(endpoint: keyof HealthChecks, checks: readonly HealthCheck[]): Page {
  return async (exchange) => {
    const name = exchange.path.split('/')[2];
    if (name) return single(name, checks).then(() => sendText(exchange, 200, 'ok'));
    const excluded = exchange.query.getAll('exclude');
    const outcomes: Outcome[] = [];
    for (const check of checks) outcomes.push(await outcomeOf(check, excluded));
    const failed = outcomes.some(({ result }) => result === 'failed');
    if (!failed && !exchange.query.has('verbose')) return sendText(exchange, 200, 'ok');
    const unknown = excluded.filter((name) => !checks.some((check) => check.name === name));
    return sendText(exchange, failed ? 500 : 200, report(endpoint, outcomes, unknown, failed));
  };
}

async function single(name: string, checks: readonly HealthCheck[]): Promise<void> {
  const found = checks.find((check) => check.name === name);
  if (!found) throw new NoSuchPath();
  await found.check();
}

async function outcomeOf({ name, check }: HealthCheck, excluded: readonly string[]): Promise<Outcome> {
  if (excluded.includes(name)) return { name, result: 'excluded' };
  try {
    await check();
    return { name, result: 'ok' };
  } catch {
    return { name, result: 'failed' };
  }
}

function report(endpoint: string, outcomes: readonly Outcome[], unknown: readonly string[], failed: boolean): string {
  const lines = outcomes.map(({ name, result }) => {
    if (result === 'ok') return `[+]${name} ok`;
    return result === 'excluded' ? `[+]${name} excluded: ok` : `[-]${name} failed: reason withheld`;
  });
  const names = unknown.map((name) => JSON.stringify(name)).join(', ');
  const warnings = unknown.length ? [`warn: some health checks cannot be excluded: no matches for ${names}`] : [];
  return [...lines, ...warnings, `${endpoint} check ${failed ? 'failed' : 'passed'}`, ''].join('\n');
}
