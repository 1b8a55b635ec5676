/** Who may reach whom, as network policies say; pure. Like the evaluation of networking.k8s.io/v1 NetworkPolicy. */
import type { App } from '../apps/app';
import type { KubernetesObject } from '../cluster/kubernetes-object';
import type { LabelSelector, NetworkPolicy, PolicyPeer } from '../kinds/service';

type Labels = Readonly<Record<string, string>>;

export interface Access {
  readonly key: string;
  readonly project: string;
  readonly app: string;
  /** The policies that guard it; none means that everyone may. */
  readonly policies: readonly string[];
  readonly everyone: boolean;
  readonly from: readonly string[];
  /** Address ranges outside that may. */
  readonly ranges: readonly string[];
}

export function accessOf(
  apps: readonly App[],
  policies: readonly NetworkPolicy[],
  namespaces: readonly KubernetesObject[],
): Access[] {
  const namespaceLabels = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  return apps.map((app) => {
    const labels = labelsOf(app);
    const guards = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === app.project && limitsIngress(spec) && selects(spec.podSelector ?? {}, labels),
    );
    const rules = guards.flatMap(({ metadata, spec }) =>
      (spec.ingress ?? []).map((rule) => ({ rule, project: metadata.namespace ?? '' })),
    );
    const open = guards.length === 0 || rules.some(({ rule }) => !rule.from || rule.from.length === 0);
    const peers = rules.flatMap(({ rule, project }) => (rule.from ?? []).map((peer) => ({ peer, project })));
    const from = apps.filter((other) =>
      peers.some(({ peer, project }) => admits(peer, project, other, namespaceLabels.get(other.project) ?? {})),
    );
    return {
      key: app.id,
      project: app.project,
      app: app.name,
      policies: guards.map(({ metadata }) => metadata.name),
      everyone: open,
      from: from.map(({ name, project }) => (project === app.project ? name : `${project}/${name}`)),
      ranges: [...new Set(peers.flatMap(({ peer }) => peer.ipBlock?.cidr ?? []))],
    };
  });
}

function labelsOf(app: App): Labels {
  return app.workload.spec.template.metadata?.labels ?? {};
}

function limitsIngress({ policyTypes }: NetworkPolicy['spec']): boolean {
  return policyTypes === undefined || policyTypes.includes('Ingress');
}

function admits(peer: PolicyPeer, policyProject: string, app: App, namespaceLabels: Labels): boolean {
  if (peer.ipBlock) return false;
  const inProject = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': app.project, ...namespaceLabels })
    : app.project === policyProject;
  return inProject && selects(peer.podSelector ?? {}, labelsOf(app));
}

/** An empty selector selects everything. */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  const valueOf = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(matchLabels).every(([key, value]) => valueOf(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = valueOf(key);
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      if (operator === 'Exists') return value !== undefined;
      return value === undefined;
    })
  );
}
