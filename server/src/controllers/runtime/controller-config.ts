/** What controllers must be told of the cluster. */
import type { ResourceRef } from '@naru/api/client/client';

export interface ServedResource extends ResourceRef {
  /** Absent: all. */
  verbs?: readonly string[];
}

/** Every kind the API serves, custom resources too. */
export interface ResourceCatalog {
  list(): readonly ServedResource[];
  /** Calls `listener` when kinds come or go. Returns the function that ends it. */
  listen(listener: () => void): () => void;
}

export interface ControllerConfig {
  catalog: ResourceCatalog;
  /** PEM of the authority that pods trust. */
  clusterAuthority: string;
  /** The range that nodes' pod CIDRs are cut from: 10.244.0.0/16. */
  podCidr: string;
  /** Prefix length of one node's range; absent: 24. */
  nodeCidrMaskSize?: number;
  /** Names this server in events: `default-scheduler-<host>`. */
  hostName: string;
}
