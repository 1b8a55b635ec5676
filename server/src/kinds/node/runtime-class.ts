/** RuntimeClass: which runtime a pod's containers run in, and what that costs. */
// Like pkg/registry/node/runtimeclass and ValidateRuntimeClass.
import type { V1RuntimeClass } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { roundList } from '../core/pod/defaults.ts';
import { validateContainerResources } from '../core/pod/resources.ts';
import { validateTolerations } from '../core/pod/tolerations.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { validateLabels } from '../label-maps.ts';

const classOf = (object: AnyObject) => fieldsOf<V1RuntimeClass>(object);

export const runtimeClass = defineKind({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  scope: 'Cluster',
  schema: 'k8s.io.api.node.v1.RuntimeClass',
  generation: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  anyFinalizer: true,

  setDefaults: (object) => roundList(classOf(object).overhead?.podFixed),

  validate,

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    const { handler = '' } = classOf(object);
    if (!handler) errors.required('handler');
    if (handler !== classOf(old).handler) errors.invalid('handler', handler, 'field is immutable');
    return [...errors.list, ...(semanticallyEqual(object['scheduling'], old['scheduling']) ? [] : validate(object))];
  },

  columns: [{ name: 'Handler', value: (object) => classOf(object).handler ?? '' }],

  example: {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'example' },
    handler: 'runc',
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  const { handler = '', overhead, scheduling } = classOf(object);
  if (handler) errors.invalidEach('handler', handler, checkDNS1123Label(handler));
  else errors.required('handler');
  if (overhead?.podFixed) validateContainerResources({ limits: overhead.podFixed }, new Set(), 'overhead', errors);
  if (!scheduling) return errors.list;
  validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector', errors);
  const tolerations = scheduling.tolerations ?? [];
  tolerations.forEach((toleration, index) => {
    const at = `scheduling.tolerations[${index}]`;
    const own = new FieldErrors();
    validateTolerations([toleration], 'scheduling.tolerations', own);
    errors.add(
      ...own.list.map((error) => ({ ...error, field: error.field.replace('tolerations[0]', `tolerations[${index}]`) })),
    );
    if (tolerations.slice(0, index).some((before) => semanticallyEqual(before, toleration)))
      errors.duplicate(at, goStruct(toleration, 'k8s.io.api.core.v1.Toleration'));
  });
  return errors.list;
}
