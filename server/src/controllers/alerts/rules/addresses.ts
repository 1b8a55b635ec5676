/** Rules about the names and addresses that lead to apps. */
import type { Fix, Rule } from '../rule.ts';
import type { AddressView } from '../views/address.ts';

export const addressHasNoTarget: Rule<AddressView> = {
  number: 31,
  name: 'AddressHasNoTarget',
  severity: 'warning',
  forSeconds: 30,
  keepSeconds: 30,
  role: 'consequence',
  restsAfterChange: true,
  condition:
    'a service with a selector leads to no ready instance, though instances are wanted, or its selector matches nothing',
  message: { en: '{service} points to nothing: {why}', ko: '{service} 연결 대상 없음: {why}' },
  words: {
    why: {
      'no-match': { en: 'no app has the labels that it selects', ko: '선택한 레이블을 가진 앱이 없음' },
      'app-gone': { en: 'the app that it led to is gone', ko: '연결되던 앱이 없어짐' },
      'not-ready': { en: 'none of the instances is ready', ko: '준비된 인스턴스 없음' },
      'no-port': { en: 'the instances have no port of that name', ko: '해당 이름의 포트가 없음' },
    },
  },
  find(view) {
    const { service, targets, apps, wanted } = view;
    const { selector = {}, type } = service.spec ?? {};
    if (type === 'ExternalName' || Object.keys(selector).length === 0 || targets > 0) return [];
    if (apps.length > 0 && wanted === 0) return [];
    const why = whyNoTarget(view);
    return [
      {
        // Somebody removed the app.
        ...(why === 'app-gone' && { severity: 'info' }),
        params: { service: service.metadata.name ?? '', why, selector: JSON.stringify(selector) },
        fixes: fixesOf(view, why),
      },
    ];
  },
};

function whyNoTarget({ apps, ready, isDeserted }: AddressView): string {
  if (apps.length === 0) return isDeserted ? 'app-gone' : 'no-match';
  return ready > 0 ? 'no-port' : 'not-ready';
}

function fixesOf({ alternative }: AddressView, why: string): Fix[] {
  const edit: Fix = { code: 'edit-service' };
  if ((why !== 'no-match' && why !== 'app-gone') || !alternative) return [edit];
  const { app, selector } = alternative;
  return [{ code: 'fix-selector', params: { app, selector: JSON.stringify(selector) } }, edit];
}
