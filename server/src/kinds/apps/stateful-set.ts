/** StatefulSet: pods with a name, an order and volumes of their own. */
// Like pkg/registry/apps/statefulset and ValidateStatefulSet.
import type { V1StatefulSet } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { labelName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { claimWarnings, setClaimSpecDefaults } from '../core/claim-spec.ts';
import { setPodSpecDefaults } from '../core/pod/defaults.ts';
import { podTemplateWarnings } from '../core/pod/warnings.ts';
import { templateColumns } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import { formatLabelSelector } from '../label-selectors.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';
import { validateReplicaCounts } from './replica-counts.ts';
import { validateStatefulSetSpec } from './validate-stateful-set.ts';
import type { StatefulSet, StatefulSetSpec, StatefulSetStatus } from './validate-stateful-set.ts';

const setOf = (object: AnyObject): StatefulSet => fieldsOf<V1StatefulSet>(object);

export const statefulSet = defineKind({
  group: 'apps',
  kind: 'StatefulSet',
  shortNames: ['sts'],
  categories: ['all'],
  schema: 'k8s.io.api.apps.v1.StatefulSet',
  subresources: ['scale', 'status'],
  validateName: labelName,

  setDefaults(object) {
    setSpecDefaults((setOf(object).spec ??= {}));
  },

  prepareForCreate(object) {
    object['status'] = { replicas: 0, availableReplicas: 0 };
    dropMaxUnavailable(setOf(object).spec ?? {});
  },

  prepareForUpdate(object, old, context) {
    keepTheOtherPart(object, old, context);
    if (setOf(old).spec?.updateStrategy?.rollingUpdate?.maxUnavailable === undefined)
      dropMaxUnavailable(setOf(object).spec ?? {});
  },

  validate(object) {
    const errors = new FieldErrors();
    const { spec = {} } = setOf(object);
    validateStatefulSetSpec(spec, errors);
    if (spec.serviceName)
      errors.invalidEach('spec.serviceName', spec.serviceName, labelName(spec.serviceName, { generateName: false }));
    return errors.list;
  },

  validateUpdate(object, old, { subresource }) {
    const [changed, stored] = [setOf(object), setOf(old)];
    const errors = new FieldErrors();
    if (subresource === 'status') {
      validateStatus(changed.status ?? {}, stored.status ?? {}, errors);
      return errors.list;
    }
    validateStatefulSetSpec(changed.spec ?? {}, errors);
    if (!semanticallyEqual(lastingPart(changed.spec ?? {}), lastingPart(stored.spec ?? {})))
      errors.forbidden(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      );
    return errors.list;
  },

  warnings(object, old) {
    const { spec = {} } = setOf(object);
    const endlessHistory =
      (spec.revisionHistoryLimit ?? 0) < 0
        ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
        : [];
    if (old && semanticallyEqual(spec, setOf(old).spec)) return endlessHistory;
    return [
      ...podTemplateWarnings(spec.template ?? {}, 'spec.template'),
      ...(spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
        claimWarnings(claim.spec ?? {}, `spec.volumeClaimTemplates[${index}].Spec`),
      ),
      ...endlessHistory,
    ];
  },

  columns: [
    {
      name: 'Ready',
      value(object) {
        const { spec, status } = setOf(object);
        return `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`;
      },
    },
    ...templateColumns((object) => setOf(object).spec?.template),
  ],

  scale: {
    specReplicas: '.spec.replicas',
    statusReplicas: '.status.replicas',
    selector: (object) => formatLabelSelector(setOf(object).spec?.selector),
  },

  example: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'example' },
    spec: {
      replicas: 1,
      serviceName: 'example',
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  },
});

// Like SetDefaults_StatefulSet.
function setSpecDefaults(spec: StatefulSetSpec): void {
  spec.podManagementPolicy ||= 'OrderedReady';
  const strategy = (spec.updateStrategy ??= {});
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  retention.whenDeleted ||= 'Retain';
  retention.whenScaled ||= 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion = 'v1';
    claim.kind = 'PersistentVolumeClaim';
    claim.status ??= {};
    claim.status.phase ||= 'Pending';
    setClaimSpecDefaults((claim.spec ??= {}));
  }
  setPodSpecDefaults(((spec.template ??= {}).spec ??= {}));
}

// The field is there for a feature that is off.
function dropMaxUnavailable({ updateStrategy }: StatefulSetSpec): void {
  delete updateStrategy?.rollingUpdate?.maxUnavailable;
}

/** What of a set stays as it was created. */
function lastingPart(spec: StatefulSetSpec): StatefulSetSpec {
  const {
    replicas: _replicas,
    ordinals: _ordinals,
    template: _template,
    updateStrategy: _updateStrategy,
    revisionHistoryLimit: _revisionHistoryLimit,
    persistentVolumeClaimRetentionPolicy: _retention,
    minReadySeconds: _minReadySeconds,
    ...rest
  } = spec;
  return rest;
}

function validateStatus(status: StatefulSetStatus, old: StatefulSetStatus, errors: FieldErrors): void {
  validateReplicaCounts(
    status,
    [
      'replicas',
      'readyReplicas',
      'currentReplicas',
      'updatedReplicas',
      'availableReplicas',
      'observedGeneration',
      'collisionCount',
    ],
    ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
    errors,
    'status.readyReplicas',
  );
  const { collisionCount = 0 } = status;
  if (old.collisionCount !== undefined && collisionCount < old.collisionCount)
    errors.invalid('status.collisionCount', collisionCount, 'cannot be decremented');
}
