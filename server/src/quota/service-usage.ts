/** What a Service takes of a quota. Pure. */
// Like pkg/quota/v1/evaluator/core/services.go.
import type { V1Service } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../kinds/fields.ts';
import type { Evaluator } from './evaluator.ts';

const names = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

export const serviceEvaluator: Evaluator = {
  handles: (operation, subresource) => (operation === 'CREATE' || operation === 'UPDATE') && subresource === '',
  usage: (object) =>
    new Map([
      ['count/services', '1'],
      ['services', '1'],
      ['services.nodeports', String(nodePorts(object))],
      ['services.loadbalancers', fieldsOf<V1Service>(object).spec?.type === 'LoadBalancer' ? '1' : '0'],
    ]),
  matching: (asked) => [...asked].filter((name) => names.includes(name)),
};

function nodePorts(object: AnyObject): number {
  const { type, ports = [], allocateLoadBalancerNodePorts } = fieldsOf<V1Service>(object).spec ?? {};
  if (type === 'NodePort') return ports.length;
  if (type !== 'LoadBalancer') return 0;
  return allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}
