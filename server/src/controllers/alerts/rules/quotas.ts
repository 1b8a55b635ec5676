/** Rules about what a project may use. */
import { parseQuantity, quantityValue } from '@naru/api/quantity';
import type { Finding, Rule } from '../rule.ts';
import type { QuotaView } from '../views/quota.ts';

const near = 90;

const message = {
  en: 'Project {project} uses {share} % of its {resource}{why}',
  ko: '프로젝트 {project} {resource} {share} % 사용{why}',
};
const words = {
  why: {
    near: { en: '', ko: '' },
    refused: { en: ', and new instances are refused', ko: ', 새 인스턴스가 거부됨' },
  },
};

export const projectNearLimit: readonly Rule<QuotaView>[] = [
  {
    number: 35,
    name: 'ProjectNearLimit',
    variant: 'info',
    severity: 'info',
    forSeconds: 300,
    keepSeconds: 60,
    condition: 'a project uses 90 % of what a quota gives it, or more',
    ...{ message, words },
    find: (view) => (view.refused.length ? [] : finding(view, near, 'near')),
  },
  {
    number: 35,
    name: 'ProjectNearLimit',
    variant: 'warning',
    severity: 'warning',
    forSeconds: 0,
    keepSeconds: 60,
    condition: 'a quota refuses new instances of an app',
    ...{ message, words },
    find: (view) => (view.refused.length ? finding(view, 0, 'refused') : []),
  },
];

/** Of the resource that is used up most. */
function finding({ quota, refused }: QuotaView, least: number, why: string): Finding[] {
  const [first] = sharesOf(quota).filter(({ share }) => share >= least);
  if (!first) return [];
  const { name = '', namespace = '' } = quota.metadata;
  const { resource, share, used, hard } = first;
  const params = { project: namespace, quota: name, resource, share: String(share), used, hard, why };
  return [
    { params: { ...params, ...(refused.length && { apps: refused.join(', ') }) }, fixes: [{ code: 'edit-quota' }] },
  ];
}

/** In percent, the fullest first; what nothing is allowed of cannot be near its end. */
function sharesOf({ status: { hard = {}, used = {} } = {} }: QuotaView['quota']) {
  return Object.entries(hard)
    .flatMap(([resource, most]) => {
      const [all, taken] = [most, used[resource] ?? '0'].map((text) => quantityValue(parseQuantity(text)));
      return all && taken !== undefined
        ? [{ resource, share: Math.floor((100 * taken) / all), used: used[resource] ?? '0', hard: most }]
        : [];
    })
    .sort((a, b) => b.share - a.share);
}
