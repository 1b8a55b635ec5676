/** Reads Go type expressions of the facts: what they name, and how Go prints them in error texts. */

/** Import names the sources use, and the package each stands for. */
const imports: Record<string, string> = {
  metav1: 'k8s.io.apimachinery.pkg.apis.meta.v1',
  v1: 'k8s.io.api.core.v1',
  corev1: 'k8s.io.api.core.v1',
  apiv1: 'k8s.io.api.core.v1',
  authenticationv1: 'k8s.io.api.authentication.v1',
  authorizationv1: 'k8s.io.api.authorization.v1',
  batchv1: 'k8s.io.api.batch.v1',
  resource: 'k8s.io.apimachinery.pkg.api.resource',
  runtime: 'k8s.io.apimachinery.pkg.runtime',
  intstr: 'k8s.io.apimachinery.pkg.util.intstr',
  types: 'k8s.io.apimachinery.pkg.types',
};

const scalars = new Set(['string', 'bool', 'int32', 'int64', 'float64', 'byte', 'int', 'interface{}']);

/** What is inside pointers, lists and maps: `[]*metav1.Time` → `metav1.Time`. */
const innermost = (go: string): string => {
  if (go.startsWith('*')) return innermost(go.slice(1));
  if (go.startsWith('[]')) return innermost(go.slice(2));
  if (go.startsWith('map[')) return innermost(go.slice(go.indexOf(']') + 1));
  return go;
};

/** Key of the named type at the heart of `go`, as seen from `packageName`; undefined for Go's own types. */
export function namedTypeOf(go: string, packageName: string): string | undefined {
  const name = innermost(go);
  if (scalars.has(name)) return undefined;
  const dot = name.indexOf('.');
  if (dot < 0) return `${packageName}.${name}`;
  // meta/v1 is imported as v1 where no other v1 is.
  const imported = name.slice(0, dot);
  const target =
    imported === 'v1' && packageName.startsWith('k8s.io.api.apidiscovery') ? imports['metav1'] : imports[imported];
  return `${target ?? imported}.${name.slice(dot + 1)}`;
}

const lastOf = (dotted: string) => dotted.slice(dotted.lastIndexOf('.') + 1);

/** As reflect.Type.String() prints it, without a leading pointer: `[]v1.Container`, `map[string]string`, `types.UID`. */
export function printedGoType(go: string, packageName: string): string {
  if (go.startsWith('*')) return printedGoType(go.slice(1), packageName);
  return printed(go, packageName);
}

function printed(go: string, packageName: string): string {
  if (go.startsWith('*')) return `*${printed(go.slice(1), packageName)}`;
  if (go.startsWith('[]')) return `[]${printed(go.slice(2), packageName)}`;
  if (go.startsWith('map[')) {
    const close = go.indexOf(']');
    return `map[${printed(go.slice(4, close), packageName)}]${printed(go.slice(close + 1), packageName)}`;
  }
  if (go === 'byte') return 'uint8';
  const named = namedTypeOf(go, packageName);
  if (!named) return go;
  return `${lastOf(named.slice(0, named.lastIndexOf('.')))}.${lastOf(named)}`;
}
