/** Rules about storage. */
import type { Rule } from '../rule.ts';
import type { ClaimView } from '../views/claim.ts';

export const storagePending: Rule<ClaimView> = {
  number: 30,
  name: 'StoragePending',
  severity: 'warning',
  forSeconds: 60,
  keepSeconds: 0,
  role: 'consequence',
  condition: 'a claim waits for storage that it should have by now, or its volume failed',
  message: { en: 'Storage {claim} is not ready: {why}', ko: '저장 공간 {claim} 준비 안 됨: {why}' },
  words: {
    why: {
      'no-class': { en: 'it names no storage class, and no volume fits', ko: '저장소 클래스 미지정, 맞는 볼륨 없음' },
      'class-missing': { en: 'its storage class does not exist', ko: '저장소 클래스가 없음' },
      waiting: { en: 'nobody has provided a volume yet', ko: '볼륨이 아직 제공되지 않음' },
      failed: { en: 'its volume failed', ko: '볼륨 실패' },
      lost: { en: 'its volume is gone', ko: '볼륨이 사라짐' },
    },
  },
  find(view) {
    const { claim } = view;
    const why = whyNotReady(view);
    if (!why) return [];
    const storageClass = claim.spec?.storageClassName ?? '';
    return [
      {
        params: { claim: claim.metadata.name ?? '', why, ...(storageClass && { storageClass }) },
        fixes: [{ code: 'edit-storage' }],
      },
    ];
  },
};

function whyNotReady({ claim, storageClass, volumePhase, apps }: ClaimView): string | undefined {
  const { phase } = claim.status ?? {};
  if (volumePhase === 'Failed') return 'failed';
  if (phase === 'Lost') return 'lost';
  if (phase !== 'Pending') return undefined;
  if (!claim.spec?.storageClassName) return 'no-class';
  if (!storageClass) return 'class-missing';
  // It is to wait for its first user.
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && apps.length === 0) return undefined;
  return 'waiting';
}
