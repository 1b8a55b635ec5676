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

/** Directories on nodes that back volumes; the agents of the nodes make and remove them. */
export interface NodeVolumes {
  /** Resolves with the directory's path on the node, made if it was not there. Throws when the node cannot be asked. */
  make(node: string, name: string): Promise<string>;
  /** Removes the directory with what is in it; one that is not there is no error. */
  remove(node: string, path: string): Promise<void>;
  /** Removes what stands below /tmp of the server's own machine. */
  removeTemporary(path: string): Promise<void>;
}

export interface ControllerConfig {
  catalog: ResourceCatalog;
  /** PEM of the authority that pods trust. */
  clusterAuthority: string;
  /** The range that nodes' pod CIDRs are cut from: 10.244.0.0/16. */
  podCidr: string;
  /** Prefix length of one node's range; absent: 24. */
  nodeCidrMaskSize?: number;
  /** TCP ports of this machine that no load balancer may take: the API's and the dashboard's. */
  reservedPorts?: readonly number[];
  /** Names this server in events: `default-scheduler-<host>`. */
  hostName: string;
  /** Signs a token without an end, to be kept in a secret. */
  secretToken(subject: { namespace: string; secret: string; account: { name: string; uid: string } }): Promise<string>;
  nodeVolumes: NodeVolumes;
}
