/** How our own code talks to the API. Two implementations hold the same promises: in-process (server) and HTTPS (agent, cli, conformance). */
import type { AnyObject, KubeObject, ObjectList, WatchEvent } from '../object.ts';

/** What a client must know of a kind to name it on the wire. */
export interface ResourceRef {
  group: string;
  version: string;
  kind: string;
  plural: string;
  scope: 'Namespaced' | 'Cluster';
}

export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface WatchOptions extends Omit<ListOptions, 'limit' | 'continue'> {
  sendInitialEvents?: boolean;
  allowWatchBookmarks?: boolean;
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

export interface WriteOptions {
  dryRun?: boolean;
  fieldManager?: string;
}

export interface PatchOptions extends WriteOptions {
  type: 'json' | 'merge' | 'strategic' | 'apply';
  /** 'status', 'scale', … */
  subresource?: string;
  force?: boolean;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** The verbs of one resource. Every method throws StatusError as the server would answer it. Objects returned are not to be changed: they may be shared with the server's own cache. */
export interface ResourceClient<T extends KubeObject = AnyObject> {
  get(name: string, namespace?: string): Promise<T>;
  list(options?: ListOptions): Promise<ObjectList<T>>;
  /** Ends when the server ends it or `signal` aborts; an expired version arrives as an ERROR event. */
  watch(options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** Into `metadata.namespace`. */
  create(object: T, options?: WriteOptions): Promise<T>;
  update(object: T, options?: WriteOptions & { subresource?: string }): Promise<T>;
  updateStatus(object: T, options?: WriteOptions): Promise<T>;
  patch(name: string, namespace: string | undefined, body: unknown, options: PatchOptions): Promise<T>;
  delete(name: string, namespace?: string, options?: DeleteOptions): Promise<void>;
  deleteCollection(selection: ListOptions, options?: DeleteOptions): Promise<void>;
  /** GET of a subresource that is another kind: scale. */
  getSubresource(name: string, namespace: string | undefined, subresource: string): Promise<AnyObject>;
  /** POST to a subresource: binding, eviction, token. */
  createSubresource(
    name: string,
    namespace: string | undefined,
    subresource: string,
    body: unknown,
  ): Promise<AnyObject>;
}

export interface Client {
  for<T extends KubeObject = AnyObject>(ref: ResourceRef): ResourceClient<T>;
}
