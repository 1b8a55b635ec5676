/** Filters that look at one node and one pod only. */
import { labelsMatch } from '../../runtime/label-selector.ts';
import { isTolerated, unschedulableTaint } from '../../node-lifecycle/node.ts';
import type { Filter, Refusal } from '../framework.ts';
import { anyTermMatches } from '../node-selector.ts';

const refusal = (reason: string, { final }: { final: boolean }): Refusal => ({ reasons: [reason], final });

export const nodeUnschedulable: Filter = {
  name: 'NodeUnschedulable',
  prepare({ pod }) {
    const refused = refusal('node(s) were unschedulable', { final: true });
    const tolerated = isTolerated({ key: unschedulableTaint, effect: 'NoSchedule' }, pod.spec.tolerations);
    return tolerated ? undefined : { filter: ({ node }) => (node.spec?.unschedulable ? refused : undefined) };
  },
};

export const nodeName: Filter = {
  name: 'NodeName',
  prepare({ pod }) {
    const refused = refusal("node(s) didn't match the requested node name", { final: true });
    const { nodeName: wanted } = pod.spec;
    return wanted ? { filter: ({ name }) => (name === wanted ? undefined : refused) } : undefined;
  },
};

export const taintToleration: Filter = {
  name: 'TaintToleration',
  prepare({ pod }) {
    return {
      filter({ node }) {
        const taint = node.spec?.taints?.find(
          (one) =>
            (one.effect === 'NoSchedule' || one.effect === 'NoExecute') && !isTolerated(one, pod.spec.tolerations),
        );
        return taint && refusal('node(s) had untolerated taint(s)', { final: true });
      },
    };
  },
};

export const nodeAffinity: Filter = {
  name: 'NodeAffinity',
  prepare({ pod }) {
    const { nodeSelector, affinity } = pod.spec;
    const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (!nodeSelector && !terms) return undefined;
    // When every term names its nodes, no others are looked at.
    const named = terms?.map(({ matchFields = [] }) => {
      const names = matchFields
        .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
        .map(({ values = [] }) => new Set(values));
      return names.length ? names.reduce((all, one) => new Set([...all].filter((name) => one.has(name)))) : undefined;
    });
    const only = named?.length && named.every((names) => names !== undefined) ? named : undefined;
    const union = only?.reduce((all, names) => new Set([...all, ...names]), new Set<string>());
    if (union?.size === 0) return { impossible: 'pod affinity terms conflict' };
    const refused = refusal("node(s) didn't match Pod's node affinity/selector", { final: true });
    return {
      ...(union && { only: union }),
      filter: (node) =>
        labelsMatch(nodeSelector, node.labels) && (!terms || anyTermMatches(terms, node)) ? undefined : refused,
    };
  },
};

export const nodePorts: Filter = {
  name: 'NodePorts',
  prepare({ hostPorts }) {
    const refused = refusal("node(s) didn't have free ports for the requested pod ports", { final: false });
    return hostPorts.length ? { filter: (node) => (node.conflicts(hostPorts) ? refused : undefined) } : undefined;
  },
};

// Like noderesources.Fit: a request beyond what the node has at all cannot be helped by removing pods.
export const nodeResourcesFit: Filter = {
  name: 'NodeResourcesFit',
  prepare({ requests }) {
    const wanted = [...requests].filter(([, amount]) => amount > 0);
    return {
      filter(node) {
        let reasons: string[] | undefined;
        let final = false;
        if (node.pods.size + 1 > node.allocatable('pods')) reasons = ['Too many pods'];
        for (const [resource, amount] of wanted) {
          const allocatable = node.allocatable(resource);
          if (amount <= allocatable - (node.requested.get(resource) ?? 0)) continue;
          (reasons ??= []).push(`Insufficient ${resource}`);
          final ||= amount > allocatable;
        }
        return reasons && { reasons, final };
      },
    };
  },
};
