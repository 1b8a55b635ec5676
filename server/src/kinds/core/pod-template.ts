/** PodTemplate: a template that nobody acts on by itself. */
// Like pkg/registry/core/podtemplate.
import type { V1PodTemplate } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import { formatLabels } from '../label-selectors.ts';
import { nameColumn } from '../table-columns.ts';
import { setPodSpecDefaults } from './pod/defaults.ts';
import { dropDisabledFields } from './pod/prepare-pod.ts';
import { validatePodTemplate } from './pod/validate-pod-spec.ts';
import { podTemplateWarnings } from './pod/warnings.ts';

const templateOf = (object: AnyObject) => fieldsOf<V1PodTemplate>(object).template ?? {};

export const podTemplate = defineKind({
  kind: 'PodTemplate',
  schema: 'k8s.io.api.core.v1.PodTemplate',
  generation: true,
  returnsDeletedObject: true,

  setDefaults(object) {
    const template = (fieldsOf<V1PodTemplate>(object).template ??= {});
    setPodSpecDefaults((template.spec ??= {}));
  },

  prepareForCreate: (object) => dropDisabledFields(templateOf(object).spec ?? {}),
  prepareForUpdate: (object) => dropDisabledFields(templateOf(object).spec ?? {}),

  validate,
  validateUpdate: validate,

  warnings: (object, old) =>
    old && semanticallyEqual(templateOf(object), templateOf(old))
      ? []
      : podTemplateWarnings(templateOf(object), 'template'),

  columns: [
    nameColumn,
    {
      name: 'Containers',
      value: (object) =>
        containersOf(object)
          .map(({ name }) => name)
          .join(','),
    },
    {
      name: 'Images',
      value: (object) =>
        containersOf(object)
          .map(({ image = '' }) => image)
          .join(','),
    },
    { name: 'Pod Labels', value: (object) => formatLabels(templateOf(object).metadata?.labels) },
  ],
  columnsComplete: true,

  example: {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'example' },
    template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
  },
});

const containersOf = (object: AnyObject) => templateOf(object).spec?.containers ?? [];

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  validatePodTemplate(templateOf(object), 'template', errors);
  return errors.list;
}
