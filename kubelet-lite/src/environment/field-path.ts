/** What a fieldPath of the downward API says about a pod. */
// Like pkg/fieldpath.ExtractFieldPathAsString, with the kubelet's own fields of spec and status.
import { goQuote } from '@naru/api/go-values';
import type { Pod } from '../pods/pod.ts';

/** What is known of the pod only on its node. */
export interface NodeFacts {
  nodeName: string;
  hostIp: string;
  /** Empty until the pod has its address. */
  podIp: string;
  /** When the agent first saw the pod; RFC 3339. */
  seenAt: string;
}

/** Throws for a path that names nothing. */
export function fieldValue(pod: Pod, path: string, facts: NodeFacts): string {
  const subscript = splitSubscript(path);
  if (subscript) {
    const map = (subscript.path === 'metadata.labels' ? pod.metadata.labels : annotationsOf(pod, facts)) ?? {};
    return Object.hasOwn(map, subscript.key) ? (map[subscript.key] ?? '') : '';
  }
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name ?? '';
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'metadata.labels':
      return formatMap(pod.metadata.labels ?? {});
    case 'metadata.annotations':
      return formatMap(annotationsOf(pod, facts));
    case 'spec.nodeName':
      return facts.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.hostIp;
    case 'status.podIP':
    case 'status.podIPs':
      return facts.podIp;
    default:
      throw new Error(`unsupported fieldPath: ${path}`);
  }
}

/** The kubelet adds two annotations of its own to what a pod sees of itself. */
function annotationsOf(pod: Pod, facts: NodeFacts): Record<string, string> {
  return {
    ...pod.metadata.annotations,
    'kubernetes.io/config.seen': facts.seenAt,
    'kubernetes.io/config.source': 'api',
  };
}

/** One `key="value"` a line, keys in order, no newline at the end. */
function formatMap(map: Record<string, string>): string {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${goQuote(value)}`).join('\n');
}

/** `metadata.labels['tier']` → path and key. */
function splitSubscript(path: string): { path: string; key: string } | undefined {
  const open = path.indexOf("['");
  if (open === -1 || !path.endsWith("']")) return undefined;
  return { path: path.slice(0, open), key: path.slice(open + 2, -2) };
}
