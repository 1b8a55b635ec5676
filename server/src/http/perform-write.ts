/** create, update, patch, delete and deletecollection over HTTP. */
import { assertAllowed } from '../authz/authorize.ts';
import type { Target } from '../verbs/api.ts';
import { apply } from '../verbs/apply.ts';
import { create } from '../verbs/create.ts';
import { deleteCollection } from '../verbs/delete-collection.ts';
import { deleteObject, type Deleted } from '../verbs/delete.ts';
import { patch } from '../verbs/patch.ts';
import { put } from '../verbs/put.ts';
import { answerVirtual } from '../verbs/reviews/answer-virtual.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { StoredObject } from '../watch/stored-object.ts';
import { decodeObject } from './decode-body.ts';
import { decodeDeleteOptions } from './decode-delete-options.ts';
import { decodeApplied, decodePatch, patchTypeOf } from './decode-patch.ts';
import type { Exchange } from './exchange.ts';
import { attributesOf } from './identify.ts';
import { renderingOf } from './perform-read.ts';
import { parseListQuery, parseWriteOptions } from './query-options.ts';
import { bodyOf, fieldManagerOf } from './write-request.ts';
import type { HttpServer } from './server.ts';
import { sendList, sendObject } from './write-objects.ts';
import { sendValue } from './write-response.ts';

export async function performWrite(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  switch (exchange.info.verb) {
    case 'create':
      return performCreate(exchange, target, server);
    case 'update':
      return performUpdate(exchange, target, server);
    case 'delete':
      return performDelete(exchange, target, server);
    case 'deletecollection':
      return performDeleteCollection(exchange, target, server);
    default:
      return performPatch(exchange, target, server);
  }
}

async function performCreate(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server);
  const options = parseWriteOptions(exchange.query, 'CreateOptions');
  const object = decodeObject(await bodyOf(exchange), target.kind, options.fieldValidation, exchange.warn);
  const fieldManager = fieldManagerOf(exchange, options.fieldManager);
  if (target.kind.virtual) {
    const request = { ...target, object, dryRun: options.dryRun, fieldManager, warn: exchange.warn };
    return sendValue(exchange, 201, await answerVirtual(request, server.api), rendering.accepted, server.toProtobuf);
  }
  const created = await create(
    { ...target, object, dryRun: options.dryRun, fieldManager, warn: exchange.warn },
    server.api,
  );
  await sendObject(exchange, 201, created, target.kind, rendering);
}

async function performUpdate(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server);
  const options = parseWriteOptions(exchange.query, 'UpdateOptions');
  const object = decodeObject(await bodyOf(exchange), target.kind, options.fieldValidation, exchange.warn);
  const fieldManager = fieldManagerOf(exchange, options.fieldManager);
  const { object: stored, created } = await put(
    {
      ...{ ...target, object, dryRun: options.dryRun, fieldManager, warn: exchange.warn },
      assertMayCreate: creationOf(exchange, server),
    },
    server.api,
  );
  await sendObject(exchange, created ? 201 : 200, stored, target.kind, rendering);
}

/** Who may update need not be allowed to create. */
const creationOf =
  (exchange: Exchange, { api }: HttpServer) =>
  () =>
    assertAllowed({ ...attributesOf(exchange), verb: 'create' }, api.authorizer);

async function performPatch(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server);
  const type = patchTypeOf(exchange.request.headers['content-type']);
  const options = parseWriteOptions(exchange.query, 'PatchOptions', type === 'apply');
  const body = await bodyOf(exchange);
  const settings = {
    ...target,
    dryRun: options.dryRun,
    fieldManager: fieldManagerOf(exchange, options.fieldManager),
    fieldValidation: options.fieldValidation,
    warn: exchange.warn,
  };
  if (type === 'apply') {
    const applied = decodeApplied(body, options.fieldValidation, exchange.warn);
    const request = { ...settings, applied, force: options.force ?? false };
    const { object, created } = await apply({ ...request, assertMayCreate: creationOf(exchange, server) }, server.api);
    return sendObject(exchange, created ? 201 : 200, object, target.kind, rendering);
  }
  const { patch: given, problems } = decodePatch(body, type, options.fieldValidation);
  const patched = await patch({ ...settings, patch: given, problems }, server.api);
  await sendObject(exchange, 200, patched, target.kind, rendering);
}

async function performDelete(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server);
  const options = decodeDeleteOptions(await bodyOf(exchange), exchange.query);
  const deleted = await deleteObject({ ...target, options, warn: exchange.warn }, server.api);
  if (!deleted.gone || target.kind.returnsDeletedObject) {
    const isAccepted = !deleted.gone && options.orphanDependents === false;
    return sendObject(exchange, isAccepted ? 202 : 200, deleted.object, target.kind, rendering);
  }
  await sendValue(
    exchange,
    200,
    successStatus(target.kind, target.name, deleted),
    { mediaType: rendering.accepted.mediaType },
    server.toProtobuf,
  );
}

function successStatus({ group, plural }: Kind, name: string, { object }: Deleted): object {
  const { metadata } = object instanceof StoredObject ? object.object : object;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group && { group }), kind: plural, uid: metadata.uid },
  };
}

async function performDeleteCollection(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server, true);
  const options = decodeDeleteOptions(await bodyOf(exchange), exchange.query);
  const query = parseListQuery(exchange.query);
  const deleted = await deleteCollection({ ...query, ...target, options, warn: exchange.warn }, server.api);
  await sendList(exchange, deleted, target.kind, rendering);
}
