/** What creating an object of a kind leads to that is answered and not stored. */
import type { AnyObject } from '@naru/api/object';
import { resourceNotServed } from '@naru/api/status';
import type { Api } from '../api.ts';
import { bind } from '../subresources/binding.ts';
import { selfSubjectReview } from './self-subject-review.ts';
import { selfSubjectRulesReview } from './self-subject-rules-review.ts';
import { accessReview } from './access-review.ts';
import { tokenReview } from './token-review.ts';
import type { VirtualRequest } from './virtual-request.ts';

export async function answerVirtual(request: VirtualRequest, api: Api): Promise<AnyObject> {
  switch (request.kind.kind) {
    case 'Binding':
      return bindNamed(request, api);
    case 'SelfSubjectReview':
      return selfSubjectReview(request, api);
    case 'TokenReview':
      return tokenReview(request, api);
    case 'SelfSubjectAccessReview':
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview':
      return accessReview(request, api);
    case 'SelfSubjectRulesReview':
      return selfSubjectRulesReview(request, api);
    default:
      throw resourceNotServed();
  }
}

/** The same as pods/binding of the pod that the binding is named for. */
function bindNamed(request: VirtualRequest, api: Api): Promise<AnyObject> {
  const kind = api.catalog.byKind({ group: '', version: 'v1', kind: 'Pod' })!;
  return bind({ ...request, kind, name: request.object.metadata.name ?? '' }, api);
}
