/** What a request to the kubelet names. */

export interface KubeletPath {
  resource: 'containerLogs' | 'exec' | 'attach' | 'portForward';
  namespace: string;
  pod: string;
  container?: string;
  query: URLSearchParams;
}

/** Segments after the resource; an optional UID may stand before the container. */
const segmentCounts = { containerLogs: [3], exec: [3, 4], attach: [3, 4], portForward: [2, 3] } as const;

/** Undefined for a path that names no stream or log. Names are checked by the API before; here a slash in one would change the path. */
export function parseKubeletPath(url: string): KubeletPath | undefined {
  const { pathname, searchParams } = new URL(url, 'https://kubelet');
  const [, resource = '', ...segments] = pathname.split('/').map(decode);
  if (!isStream(resource) || !segmentCounts[resource].some((count) => count === segments.length)) return undefined;
  if (segments.some((segment) => !segment || segment.includes('/'))) return undefined;
  const [namespace = '', pod = ''] = segments;
  const container = resource === 'portForward' ? undefined : segments.at(-1);
  return { resource, namespace, pod, query: searchParams, ...(container !== undefined && { container }) };
}

const isStream = (name: string): name is KubeletPath['resource'] => Object.hasOwn(segmentCounts, name);

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
