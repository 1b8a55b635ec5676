/** Subresources over HTTP that are more than another view of their object. */
import { decodeObject as decodeValue } from '@naru/api/decode/decode-object';
import { DecodeError } from '@naru/api/decode/go-decode';
import { invalidValue } from '@naru/api/field-errors';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject } from '@naru/api/object';
import { applyJsonPatch } from '@naru/api/patch/json-patch';
import { applyMergePatch } from '@naru/api/patch/merge-patch';
import { invalid, methodNotAllowed } from '@naru/api/status';
import type { Target } from '../verbs/api.ts';
import type { Patch } from '../verbs/patch.ts';
import { bodyKindOf, postSubresource } from '../verbs/subresources/post-subresource.ts';
import { getScale, scaleKind, scaleSchema, updateScale, type ScaleChange } from '../verbs/subresources/scale.ts';
import { decodeAs, type Body } from './decode-body.ts';
import { decodeApplied, decodePatch, patchTypeOf, type PatchType } from './decode-patch.ts';
import type { Exchange } from './exchange.ts';
import { renderingOf } from './perform-read.ts';
import { parseWriteOptions, type FieldValidation } from './query-options.ts';
import type { HttpServer } from './server.ts';
import { bodyOf, fieldManagerOf } from './write-request.ts';
import { sendValue } from './write-response.ts';

export async function performPost(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const { accepted } = renderingOf(exchange, server);
  const options = parseWriteOptions(exchange.query, 'CreateOptions');
  const { dryRun, fieldValidation } = options;
  const fieldManager = fieldManagerOf(exchange, options.fieldManager);
  const kind = bodyKindOf(target.subresource);
  if (!kind) throw methodNotAllowed();
  const alsoAccepts = kind.kind === 'Eviction' ? ['policy/v1beta1'] : [];
  const object = decodeAs(await bodyOf(exchange), kind, fieldValidation, exchange.warn, alsoAccepts);
  const answer = await postSubresource({ ...target, object, dryRun, fieldManager, warn: exchange.warn }, server.api);
  await sendValue(exchange, 201, answer, accepted, server.toProtobuf);
}

export async function performScale(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const { accepted } = renderingOf(exchange, server);
  const { verb } = exchange.info;
  const scale = verb === 'get' ? getScale(target, server.api) : await changeScale(exchange, target, server);
  await sendValue(exchange, 200, scale, accepted, server.toProtobuf);
}

async function changeScale(exchange: Exchange, target: Target, server: HttpServer): Promise<AnyObject> {
  const isPatch = exchange.info.verb === 'patch';
  const type = isPatch ? patchTypeOf(exchange.request.headers['content-type']) : undefined;
  const options = parseWriteOptions(exchange.query, isPatch ? 'PatchOptions' : 'UpdateOptions', type === 'apply');
  const body = await bodyOf(exchange);
  const { dryRun, fieldValidation } = options;
  const change = scaleChange(body, type, fieldValidation, exchange);
  const fieldManager = fieldManagerOf(exchange, options.fieldManager);
  const request = { ...target, dryRun, fieldManager, warn: exchange.warn };
  return updateScale({ ...request, change: change(options.force ?? false) }, server.api);
}

/** Decodes at once, so that a bad body is told before anything is looked up. */
function scaleChange(
  body: Body,
  type: PatchType | undefined,
  fieldValidation: FieldValidation,
  exchange: Exchange,
): (force: boolean) => ScaleChange {
  if (type === undefined) {
    const wanted = decodeAs(body, scaleKind, fieldValidation, exchange.warn);
    return () => ({ type: 'change', change: () => wanted });
  }
  if (type === 'apply') {
    const applied = decodeApplied(body, fieldValidation, exchange.warn);
    return (force) => ({ type, applied, force });
  }
  const { patch } = decodePatch(body, type, fieldValidation);
  return () => ({ type: 'change', change: (current) => patchedScale(current, patch) });
}

/** A Scale has nothing that strategic patches treat in their own way. */
function patchedScale(current: AnyObject, patch: Patch): AnyObject {
  const document = current as unknown as JsonObject;
  const value = patch.type === 'json' ? applyJsonPatch(document, patch.patch) : applyMergePatch(document, patch.patch);
  try {
    return decodeValue(value, scaleSchema).object as AnyObject;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', JSON.stringify(value), error.message)]);
  }
}
