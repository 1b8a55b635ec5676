/** What is wrong with amounts asked for, beside one limit; a sentence each. */
// Like the constraint functions of plugin/pkg/admission/limitranger.
import type { Limit } from '../../kinds/core/limit-range/limits.ts';
import { compareQuantities, isZero, quantityMilliValue } from '../../kinds/quantities.ts';

/** By name of the resource. */
export interface Asked {
  readonly requests: ReadonlyMap<string, string>;
  readonly limits: ReadonlyMap<string, string>;
}

const bounds = (list: Record<string, string> | undefined) => Object.entries(list ?? {});

export function minProblems({ type, min }: Limit, { requests, limits }: Asked): string[] {
  return bounds(min).flatMap(([name, least]) => {
    const [request, limit] = [requests.get(name), limits.get(name)];
    const rule = `minimum ${name} usage per ${type} is ${least}`;
    if (request === undefined) return [`${rule}.  No request is specified`];
    if (compareQuantities(request, least) < 0) return [`${rule}, but request is ${request}`];
    if (limit !== undefined && compareQuantities(limit, least) < 0) return [`${rule}, but limit is ${limit}`];
    return [];
  });
}

export function maxProblems({ type, max }: Limit, { requests, limits }: Asked): string[] {
  return bounds(max).flatMap(([name, most]) => {
    const [request, limit] = [requests.get(name), limits.get(name)];
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    if (limit === undefined) return [`${rule}.  No limit is specified`];
    if (compareQuantities(limit, most) > 0) return [`${rule}, but limit is ${limit}`];
    if (request !== undefined && compareQuantities(request, most) > 0) return [`${rule}, but request is ${request}`];
    return [];
  });
}

/** For what knows requests only. */
export function maxRequestProblems({ type, max }: Limit, { requests }: Asked): string[] {
  return bounds(max).flatMap(([name, most]) => {
    const request = requests.get(name);
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    if (request === undefined) return [`${rule}.  No request is specified`];
    return compareQuantities(request, most) > 0 ? [`${rule}, but request is ${request}`] : [];
  });
}

export function ratioProblems({ type, maxLimitRequestRatio }: Limit, { requests, limits }: Asked): string[] {
  return bounds(maxLimitRequestRatio).flatMap(([name, most]) => {
    const [request, limit] = [requests.get(name), limits.get(name)];
    const rule = `${name} max limit to request ratio per ${type} is ${most}`;
    if (request === undefined || isZero(request)) return [`${rule}, but no request is specified or request is 0`];
    if (limit === undefined || isZero(limit)) return [`${rule}, but no limit is specified or limit is 0`];
    const ratio = Number(quantityMilliValue(limit)) / Number(quantityMilliValue(request));
    return ratio * 1000 > Number(quantityMilliValue(most))
      ? [`${rule}, but provided ratio is ${ratio.toFixed(6)}`]
      : [];
  });
}
