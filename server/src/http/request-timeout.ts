/** The `timeout` parameter: a Go duration. */
import { goQuote } from '@naru/api/go-values';
import { badRequest } from '@naru/api/status';

const unitPattern = /^(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/;

/** Throws 400 for text that is no duration. */
export function assertTimeout(text: string | null): void {
  if (text === null || text === '') return;
  const problem = text.length > 100 ? 'invalid duration' : durationProblem(text);
  if (problem) throw badRequest(`invalid timeout specified in the request URL - time: ${problem} ${goQuote(text)}`);
}

function durationProblem(text: string): string | undefined {
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return undefined;
  if (rest === '') return 'invalid duration';
  while (rest) {
    const match = unitPattern.exec(rest);
    if (match) {
      rest = rest.slice(match[0].length);
      continue;
    }
    if (/^(\d+\.?\d*|\.\d+)$/.test(rest)) return 'missing unit in duration';
    const unit = /^(?:\d+\.?\d*|\.\d+)([^\d.]+)/.exec(rest);
    return unit ? `unknown unit ${goQuote(unit[1]!)} in duration` : 'invalid duration';
  }
  return undefined;
}
