/** The evaluator of each kind. */
// Like pkg/quota/v1/install.
import { claimEvaluator } from './claim-usage.ts';
import { countEvaluator, type Evaluator, type GroupResource } from './evaluator.ts';
import { podEvaluator } from './pod-usage.ts';
import { serviceEvaluator } from './service-usage.ts';

/** Events come and go too fast to be counted. */
const isIgnored = ({ plural, group }: GroupResource): boolean =>
  plural === 'events' && (group === '' || group === 'events.k8s.io');

/** Undefined for kinds that no quota counts. */
export function evaluatorOf(resource: GroupResource): Evaluator | undefined {
  if (isIgnored(resource)) return undefined;
  if (resource.group === '' && resource.plural === 'pods') return podEvaluator;
  if (resource.group === '' && resource.plural === 'services') return serviceEvaluator;
  if (resource.group === '' && resource.plural === 'persistentvolumeclaims') return claimEvaluator;
  return countEvaluator(resource);
}
