/** What may I do in a namespace? */
// Like pkg/registry/authorization/selfsubjectrulesreview.
import type { V1SelfSubjectRulesReview } from '@kubernetes/client-node';
import { badRequest } from '@naru/api/status';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Api } from '../api.ts';
import type { VirtualRequest } from './virtual-request.ts';

export function selfSubjectRulesReview({ object, user }: VirtualRequest, api: Api): AnyObject {
  const { namespace } = fieldsOf<V1SelfSubjectRulesReview>(object).spec ?? {};
  if (!namespace) throw badRequest('no namespace on request');
  const { resourceRules, nonResourceRules, incomplete, evaluationError } = api.rulesFor(user, namespace);
  const status = { resourceRules, nonResourceRules, incomplete, ...(evaluationError && { evaluationError }) };
  return { ...object, status } as AnyObject;
}
