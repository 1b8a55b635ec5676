/** What may still change in a pod that waits behind scheduling gates: which nodes it may go to, ever narrower. */
// Like validateNodeSelectorMutation and validateNodeAffinityMutation of pkg/apis/core/validation.
import type { V1NodeSelectorTerm } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { semanticallyEqual } from '../../equality.ts';
import type { Fields } from '../../fields.ts';
import { goStruct } from '../../go-struct.ts';
import type { Affinity, PodSpec } from './pod-fields.ts';

type Term = Fields<V1NodeSelectorTerm>;

/** Checks the changes that are allowed and undoes them in `spec`, so that what is left can be compared. */
export function validateGatedChanges(spec: PodSpec, old: PodSpec, errors: FieldErrors): void {
  if (!semanticallyEqual(spec.nodeSelector, old.nodeSelector)) {
    const isNarrower = Object.entries(old.nodeSelector ?? {}).every(
      ([key, value]) => spec.nodeSelector?.[key] === value,
    );
    if (!isNarrower)
      errors.invalid(
        'spec.nodeSelector',
        spec.nodeSelector ?? null,
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      );
    if (old.nodeSelector) spec.nodeSelector = old.nodeSelector;
    else delete spec.nodeSelector;
  }
  if (semanticallyEqual(spec.affinity?.nodeAffinity, old.affinity?.nodeAffinity)) return;
  validateTerms(termsOf(spec.affinity), termsOf(old.affinity), errors);
  undoNodeAffinity(spec, old);
}

function undoNodeAffinity(spec: PodSpec, old: PodSpec): void {
  const { nodeAffinity: _changed, ...others } = spec.affinity ?? {};
  const before = old.affinity?.nodeAffinity;
  if (before) spec.affinity = { ...others, nodeAffinity: before };
  else if (Object.keys(others).length || old.affinity) spec.affinity = others;
  else delete spec.affinity;
}

const termsOf = (affinity: Affinity | undefined): readonly Term[] =>
  affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];

const termsPath = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
const termType = 'k8s.io.api.core.v1.NodeSelectorTerm';

function validateTerms(terms: readonly Term[], old: readonly Term[], errors: FieldErrors): void {
  if (!old.length) return;
  if (terms.length !== old.length) {
    const shown = terms.length ? terms.map((term) => goStruct(term, termType)) : null;
    errors.invalid(termsPath, shown, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed');
    return;
  }
  old.forEach((before, index) => {
    const after = terms[index] ?? {};
    if (!onlyAdds(after, before))
      errors.invalid(
        `${termsPath}[${index}]`,
        goStruct(after, termType),
        'only additions are allowed (no mutations or deletions)',
      );
  });
}

function onlyAdds(after: Term, before: Term): boolean {
  const isEmpty = !before.matchExpressions?.length && !before.matchFields?.length;
  if (isEmpty) return !after.matchExpressions?.length && !after.matchFields?.length;
  return (['matchExpressions', 'matchFields'] as const).every((field) => {
    const had = before[field] ?? [];
    return semanticallyEqual((after[field] ?? []).slice(0, had.length), had);
  });
}
