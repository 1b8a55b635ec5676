/** Access modes and storage classes as Tables show them. */
// Like GetAccessModesAsString and GetPersistentVolumeClaimClass of pkg/apis/core/v1/helper.

const abbreviations = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

/** `RWO,ROX`, each once. */
export const accessModeList = (modes: readonly string[] = []): string =>
  abbreviations
    .filter(([mode]) => modes.includes(mode))
    .map(([, abbreviation]) => abbreviation)
    .join(',');

/** Where the class of a claim or a volume stood before there was a field for it. */
export const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export const annotatedClass = (annotations: Record<string, string> | undefined): string | undefined =>
  annotations && Object.hasOwn(annotations, classAnnotation) ? annotations[classAnnotation] : undefined;

/** The class of a claim or a volume; empty when it has none. */
export const storageClassOf = (
  annotations: Record<string, string> | undefined,
  storageClassName: string | undefined,
): string => annotatedClass(annotations) ?? storageClassName ?? '';

/** Said when the annotation is used. */
export const classAnnotationWarning = `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`;
