/** The API for our own controllers: the same verbs, the same admission and validation, without HTTP. Objects are shared with the server's cache. */
import type {
  Client,
  DeleteOptions,
  ListOptions,
  PatchOptions,
  ResourceClient,
  ResourceRef,
  WatchOptions,
  WriteOptions,
} from '@naru/api/client/client';
import { cloneJson } from '@naru/api/clone-json';
import { decodeObject } from '@naru/api/decode/decode-object';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject, KubeObject, ObjectList, WatchEvent } from '@naru/api/object';
import { decodeJsonPatch } from '@naru/api/patch/json-patch';
import { decodeMergePatch, decodeStrategicPatch } from '@naru/api/patch/merge-patch';
import { resourceNotServed } from '@naru/api/status';
import type { User } from '../authn/user.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { Api, Target, WriteSettings } from '../verbs/api.ts';
import { apply } from '../verbs/apply.ts';
import { getComputed, listComputed } from '../verbs/computed.ts';
import { create } from '../verbs/create.ts';
import { deleteCollection } from '../verbs/delete-collection.ts';
import { deleteObject } from '../verbs/delete.ts';
import { get } from '../verbs/get.ts';
import { list, type ListRequest } from '../verbs/list.ts';
import { apiVersionOf } from '../verbs/object-key.ts';
import { patch, type Patch } from '../verbs/patch.ts';
import { presented } from '../verbs/presented.ts';
import { postSubresource } from '../verbs/subresources/post-subresource.ts';
import { getScale, scaleSchema, updateScale } from '../verbs/subresources/scale.ts';
import { update } from '../verbs/update.ts';
import { StoredObject } from '../watch/stored-object.ts';
import { watchInProcess } from './in-process-watch.ts';

export interface InProcessClientOptions {
  readonly api: Api;
  /** As system:serviceaccount:kube-system:deployment-controller. */
  readonly userName: string;
}

export class InProcessClient implements Client {
  readonly #api: Api;
  readonly #user: User;

  constructor({ api, userName }: InProcessClientOptions) {
    this.#api = api;
    const [system, serviceAccount, namespace] = userName.split(':');
    const isServiceAccount = system === 'system' && serviceAccount === 'serviceaccount';
    const groups = isServiceAccount ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
    this.#user = { name: userName, groups: [...groups, 'system:authenticated'] };
  }

  for<T extends KubeObject = AnyObject>(ref: ResourceRef): ResourceClient<T> {
    return new InProcessResource(this.#api, this.#user, ref) as unknown as ResourceClient<T>;
  }
}

/** Upstream's controllers are one program, whatever their identity. */
const programOf = ({ name }: User): string =>
  name.startsWith('system:serviceaccount:') ? 'kube-controller-manager' : name.split(':').at(-1)!;

class InProcessResource implements ResourceClient {
  readonly #api: Api;
  readonly #user: User;
  readonly #ref: ResourceRef;

  constructor(api: Api, user: User, ref: ResourceRef) {
    this.#api = api;
    this.#user = user;
    this.#ref = ref;
  }

  async get(name: string, namespace = ''): Promise<AnyObject> {
    if (this.#kind.computed)
      return getComputed({ kind: this.#kind, namespace, name, query: new URLSearchParams() }, this.#api);
    return presented(get({ kind: this.#kind, namespace, name }, this.#api), this.#kind);
  }

  async list(options: ListOptions = {}): Promise<ObjectList> {
    const kind = this.#kind;
    if (kind.computed) {
      const request = { ...listRequest(kind, options), query: new URLSearchParams() };
      return { ...typeOf(kind), metadata: {}, items: await listComputed(request, this.#api) };
    }
    const { items, ...metadata } = await list(listRequest(kind, options), this.#api);
    return {
      ...typeOf(kind),
      metadata,
      items: items.map((item) => presented(item, kind)),
    };
  }

  watch(options: WatchOptions = {}): AsyncIterable<WatchEvent> {
    return watchInProcess({ ...listRequest(this.#kind, options), options }, this.#api);
  }

  async create(object: AnyObject, options: WriteOptions = {}): Promise<AnyObject> {
    const { name = '', namespace = '' } = object.metadata;
    return this.#shown(
      await create({ ...this.#write(name, namespace, '', options), object: this.#own(object) }, this.#api),
    );
  }

  async update(object: AnyObject, options: WriteOptions & { subresource?: string } = {}): Promise<AnyObject> {
    const { name = '', namespace = '' } = object.metadata;
    const target = this.#write(name, namespace, options.subresource ?? '', options);
    if (options.subresource === 'scale') {
      this.#assertScalable();
      const wanted = decodeObject(object, scaleSchema).object as AnyObject;
      return updateScale({ ...target, change: { type: 'change', change: () => wanted } }, this.#api);
    }
    return this.#shown(await update({ ...target, object: this.#own(object) }, this.#api));
  }

  updateStatus(object: AnyObject, options: WriteOptions = {}): Promise<AnyObject> {
    return this.update(object, { ...options, subresource: 'status' });
  }

  async patch(name: string, namespace = '', body: unknown, options: PatchOptions): Promise<AnyObject> {
    const target = this.#write(name, namespace, options.subresource ?? '', options);
    if (options.type === 'apply') {
      const applied = cloneJson(body) as JsonObject;
      return this.#shown((await apply({ ...target, applied, force: options.force ?? false }, this.#api)).object);
    }
    const request = { ...target, patch: patchOf(body, options.type), fieldValidation: 'Ignore' as const };
    return this.#shown(await patch(request, this.#api));
  }

  async delete(name: string, namespace = '', options: DeleteOptions = {}): Promise<void> {
    const target = this.#write(name, namespace, '', {});
    await deleteObject({ ...target, options: { ...options, dryRun: false } }, this.#api);
  }

  async deleteCollection(selection: ListOptions, options: DeleteOptions = {}): Promise<void> {
    const target = this.#write('', selection.namespace ?? '', '', {});
    const request = { ...target, ...listRequest(this.#kind, selection), options: { ...options, dryRun: false } };
    await deleteCollection(request, this.#api);
  }

  async getSubresource(name: string, namespace = '', subresource: string): Promise<AnyObject> {
    if (subresource !== 'scale') throw resourceNotServed();
    this.#assertScalable();
    return getScale(this.#write(name, namespace, subresource, {}), this.#api);
  }

  createSubresource(name: string, namespace = '', subresource: string, body: unknown): Promise<AnyObject> {
    const object = cloneJson(body) as AnyObject;
    object.metadata ??= {};
    return postSubresource({ ...this.#write(name, namespace, subresource, {}), object }, this.#api);
  }

  /** Looked up each time: custom kinds come and go. */
  get #kind(): Kind {
    const kind = this.#api.catalog.byResource(this.#ref);
    if (!kind) throw resourceNotServed();
    return kind;
  }

  #assertScalable(): void {
    if (!this.#kind.subresources?.includes('scale')) throw resourceNotServed();
  }

  #write(name: string, namespace: string, subresource: string, options: WriteOptions): Target & WriteSettings {
    const fieldManager = options.fieldManager ?? programOf(this.#user);
    const dryRun = options.dryRun ?? false;
    return { kind: this.#kind, namespace, name, subresource, user: this.#user, dryRun, fieldManager, warn: () => {} };
  }

  /** Verbs keep and change what they are given; callers may have it from the cache. */
  #own(object: AnyObject): AnyObject {
    const kind = this.#kind;
    const copy = decodeObject({ ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) }, kind.schema)
      .object as AnyObject;
    const own = cloneJson(copy);
    kind.setDefaults?.(own);
    return own;
  }

  #shown(answer: StoredObject | AnyObject): AnyObject {
    return answer instanceof StoredObject ? presented(answer, this.#kind) : answer;
  }
}

const typeOf = (kind: Kind) => ({ apiVersion: apiVersionOf(kind), kind: kind.listKind });

function patchOf(body: unknown, type: Patch['type']): Patch {
  switch (type) {
    case 'json':
      return { type, patch: decodeJsonPatch(body, 'Ignore') };
    case 'merge':
      return { type, patch: decodeMergePatch(body) };
    case 'strategic':
      return { type, patch: decodeStrategicPatch(body) };
  }
}

function listRequest(kind: Kind, options: ListOptions): ListRequest {
  return {
    kind,
    namespace: options.namespace ?? '',
    labelSelector: options.labelSelector ?? '',
    fieldSelector: options.fieldSelector ?? '',
    limit: options.limit ?? 0,
    continue: options.continue ?? '',
    resourceVersion: options.resourceVersion ?? '',
    resourceVersionMatch: options.resourceVersionMatch ?? '',
  };
}
