/** What the agent reads of a Pod. Fields it does not act on are not here. */
import type { KubeObject } from '@naru/api/object';
import type {
  AppArmorProfile,
  ContainerDefinition,
  EphemeralContainerDefinition,
  Resources,
  RestartPolicy,
  SeccompProfile,
  SeLinuxOptions,
} from './container-definition.ts';
import type { PodStatus } from './pod-status.ts';
import type { Volume } from './volume.ts';

export interface PodSecurityContext {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  fsGroup?: number;
  fsGroupChangePolicy?: 'OnRootMismatch' | 'Always';
  supplementalGroups?: number[];
  sysctls?: { name: string; value: string }[];
  seccompProfile?: SeccompProfile;
  appArmorProfile?: AppArmorProfile;
  seLinuxOptions?: SeLinuxOptions;
}

export interface PodDnsConfig {
  nameservers?: string[];
  searches?: string[];
  options?: { name?: string; value?: string }[];
}

export interface PodSpec {
  nodeName?: string;
  containers: ContainerDefinition[];
  initContainers?: ContainerDefinition[];
  ephemeralContainers?: EphemeralContainerDefinition[];
  volumes?: Volume[];
  restartPolicy?: RestartPolicy;
  terminationGracePeriodSeconds?: number;
  activeDeadlineSeconds?: number;
  dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  dnsConfig?: PodDnsConfig;
  serviceAccountName?: string;
  enableServiceLinks?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  hostUsers?: boolean;
  shareProcessNamespace?: boolean;
  securityContext?: PodSecurityContext;
  imagePullSecrets?: { name?: string }[];
  hostname?: string;
  hostnameOverride?: string;
  subdomain?: string;
  setHostnameAsFQDN?: boolean;
  hostAliases?: { ip: string; hostnames?: string[] }[];
  readinessGates?: { conditionType: string }[];
  runtimeClassName?: string;
  resources?: Resources;
  priority?: number;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: PodStatus;
}

export const podResource = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', scope: 'Namespaced' } as const;

/** `name_namespace(uid)`, as upstream names a pod in its messages. */
// Like pkg/kubelet/util/format.Pod.
export function podLabel({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
}

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

/** Whether an init container is a sidecar: started in its turn, then kept running beside the containers. */
export const isSidecar = (container: ContainerDefinition): boolean => container.restartPolicy === 'Always';

/** Succeeded and Failed are the end of a pod: nothing of it is ever started again. */
export const isTerminalPhase = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';
