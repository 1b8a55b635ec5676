/** Finds kinds: by the resource a path names, by the kind a body names, by group for discovery. */
import type { Kind } from './define-kind.ts';
import { kinds as builtInKinds } from './index.ts';

export interface GroupVersions {
  group: string;
  /** The preferred one first. */
  versions: string[];
}

/** A set of kinds to look into. Immutable: with custom resources a server makes a new one. */
export class Catalog {
  readonly kinds: readonly Kind[];
  readonly #byResource: ReadonlyMap<string, Kind>;
  readonly #byKind: ReadonlyMap<string, Kind>;

  constructor(kinds: readonly Kind[]) {
    this.kinds = kinds;
    this.#byResource = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
    this.#byKind = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]));
  }

  byResource({ group, version, plural }: { group: string; version: string; plural: string }): Kind | undefined {
    return this.#byResource.get(`${group}/${version}/${plural}`);
  }

  byKind({ group, version, kind }: { group: string; version: string; kind: string }): Kind | undefined {
    return this.#byKind.get(`${group}/${version}/${kind}`);
  }

  /** Kinds of one group version, in discovery's order. */
  inGroupVersion(group: string, version: string): readonly Kind[] {
    return this.kinds.filter((kind) => kind.group === group && kind.version === version);
  }

  /** Groups in the order their first kind is listed, each with its versions. */
  groups(): GroupVersions[] {
    const versions = new Map<string, Set<string>>();
    for (const { group, version } of this.kinds) versions.set(group, (versions.get(group) ?? new Set()).add(version));
    return [...versions].map(([group, found]) => ({ group, versions: [...found] }));
  }

  /** This catalogue and `more`. */
  with(more: readonly Kind[]): Catalog {
    return new Catalog([...this.kinds, ...more]);
  }
}

/** The kinds built in. */
export const catalog = new Catalog(builtInKinds);
