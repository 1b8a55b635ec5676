/** The resources of one group version, as discovery without aggregation lists them. */
import type { Kind } from '../../kinds/define-kind.ts';
import { subresourceOf, verbsOf } from './resource-verbs.ts';

export function resourceListOf(group: string, version: string, kinds: readonly Kind[]): object {
  const resources = kinds.flatMap((kind) => [
    entryOf(kind),
    ...(kind.subresources ?? []).map((name) => subentryOf(kind, name)),
  ]);
  return {
    kind: 'APIResourceList',
    ...(group && { apiVersion: 'v1' }),
    groupVersion: group ? `${group}/${version}` : version,
    resources: resources.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  };
}

function entryOf(kind: Kind) {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.scope === 'Namespaced',
    kind: kind.kind,
    verbs: verbsOf(kind),
    ...(kind.shortNames?.length && { shortNames: kind.shortNames }),
    ...(kind.categories?.length && { categories: kind.categories }),
  };
}

function subentryOf(kind: Kind, name: string) {
  const { group, version, kind: responseKind, verbs } = subresourceOf(kind, name);
  const isOther = group !== kind.group || version !== kind.version;
  return {
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.scope === 'Namespaced',
    ...(isOther && { group, version }),
    kind: responseKind,
    verbs,
  };
}
