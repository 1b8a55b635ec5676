/** A volume of a pod spec. A kind that is not named here cannot be mounted on this node, and the pod is told so. */
import type { ResourceFieldRef } from './container-definition.ts';

export interface KeyToPath {
  key: string;
  path: string;
  mode?: number;
}

export interface DownwardItem {
  path: string;
  fieldRef?: { fieldPath: string };
  resourceFieldRef?: ResourceFieldRef;
  mode?: number;
}

export interface ConfigMapProjection {
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}

export interface ServiceAccountTokenProjection {
  audience?: string;
  expirationSeconds?: number;
  path: string;
}

export interface ProjectedSource {
  configMap?: ConfigMapProjection;
  secret?: ConfigMapProjection;
  downwardAPI?: { items?: DownwardItem[] };
  serviceAccountToken?: ServiceAccountTokenProjection;
  clusterTrustBundle?: unknown;
  podCertificate?: unknown;
}

export type HostPathType =
  '' | 'DirectoryOrCreate' | 'Directory' | 'FileOrCreate' | 'File' | 'Socket' | 'CharDevice' | 'BlockDevice';

export interface Volume {
  name: string;
  emptyDir?: { medium?: string; sizeLimit?: string };
  hostPath?: { path: string; type?: HostPathType };
  configMap?: ConfigMapProjection & { defaultMode?: number };
  secret?: Omit<ConfigMapProjection, 'name'> & { secretName?: string; defaultMode?: number };
  downwardAPI?: { items?: DownwardItem[]; defaultMode?: number };
  projected?: { sources?: ProjectedSource[]; defaultMode?: number };
  /** A claim of the pod's own, `<pod>-<volume>`. */
  ephemeral?: object;
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  image?: { reference?: string; pullPolicy?: 'Always' | 'IfNotPresent' | 'Never' };
}
